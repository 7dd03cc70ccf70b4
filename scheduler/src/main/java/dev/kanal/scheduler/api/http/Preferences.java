package dev.kanal.scheduler.api.http;

import io.vertx.core.MultiMap;
import java.util.OptionalInt;

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
