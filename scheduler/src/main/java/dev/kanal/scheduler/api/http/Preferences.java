package dev.kanal.scheduler.api.http;

import dev.kanal.common.unit.Durations;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/** What a client prefers (RFC 7240). A preference that makes no sense is passed over. */
public final class Preferences {
  private Preferences() {}

  /** The seconds of {@code wait}, cut to the longest; nothing without it. */
  public static OptionalInt wait(MultiMap headers) {
    for (String header : headers.getAll("Prefer")) {
      for (String preference : header.split(",")) {
        String[] nameAndValue = preference.split(";", 2)[0].split("=", 2);
        if (nameAndValue[0].strip().equalsIgnoreCase("wait") && nameAndValue.length == 2) {
          return seconds(nameAndValue[1].strip());
        }
      }
    }
    return OptionalInt.empty();
  }

  /**
   * How long a call is to wait: {@code ?wait=} goes before {@code Prefer}, of which the answer will
   * say that it was applied.
   *
   * @throws RefusedException if {@code ?wait=} makes no sense, or is longer than {@link
   *     WaitLimits#LONGEST}
   */
  public static Duration waitOf(HttpServerRequest request) throws RefusedException {
    String text = request.getParam("wait");
    if (text == null) {
      OptionalInt preferred = wait(request.headers());
      preferred.ifPresent(
          seconds -> request.response().putHeader("Preference-Applied", "wait=" + seconds));
      return Duration.ofSeconds(preferred.orElse(0));
    }
    Duration wait = parsed(text);
    if (wait == null) {
      throw new RefusedException(
          Problem.malformedQuery(
              "Expected wait from PT0S to "
                  + WaitLimits.LONGEST
                  + ", such as 30s, but got "
                  + Quoted.of(text)));
    }
    return wait;
  }

  /** How long a call may wait, whether by {@code ?wait=} or by {@code Prefer}. */
  public static Duration longest(HttpServerRequest request) {
    String text = request.getParam("wait");
    Duration asked = text == null ? null : parsed(text);
    return asked == null ? Duration.ofSeconds(wait(request.headers()).orElse(0)) : asked;
  }

  private static @Nullable Duration parsed(String text) {
    try {
      Duration wait = Durations.parse(text);
      return wait.isNegative() || wait.compareTo(WaitLimits.LONGEST) > 0 ? null : wait;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static OptionalInt seconds(String text) {
    String digits =
        text.length() > 2 && text.startsWith("\"") && text.endsWith("\"")
            ? text.substring(1, text.length() - 1)
            : text;
    if (digits.isEmpty() || digits.length() > 18) {
      return OptionalInt.empty();
    }
    if (!digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
      return OptionalInt.empty();
    }
    long longest = WaitLimits.LONGEST.toSeconds();
    return OptionalInt.of((int) Math.min(Long.parseLong(digits), longest));
  }
}
