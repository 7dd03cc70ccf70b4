package dev.kanal.common.unit;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations as people write them: ISO-8601 ({@code PT1.5S}, {@code P1D}) or {@code 250ms}. */
public final class Durations {
  /** The accepted forms, for messages. */
  public static final String FORMS = "a duration such as PT5S, 250ms, 30s, 5m, 2h or 1d";

  private static final Pattern HUMAN = Pattern.compile("(\\d{1,12})(ms|s|m|h|d)");
  private static final int TEXT_MAX = 40;

  private Durations() {}

  /**
   * Reads either form.
   *
   * @throws IllegalArgumentException if {@code text} is neither
   */
  public static Duration parse(String text) {
    Matcher human = HUMAN.matcher(text);
    if (human.matches()) {
      long amount = Long.parseLong(human.group(1));
      return switch (human.group(2)) {
        case "ms" -> Duration.ofMillis(amount);
        case "s" -> Duration.ofSeconds(amount);
        case "m" -> Duration.ofMinutes(amount);
        case "h" -> Duration.ofHours(amount);
        default -> Duration.ofDays(amount);
      };
    }
    try {
      if (text.length() <= TEXT_MAX && text.toUpperCase(Locale.ROOT).contains("P")) {
        return Duration.parse(text);
      }
    } catch (DateTimeParseException | ArithmeticException e) {
      throw new IllegalArgumentException("Expected " + FORMS, e);
    }
    throw new IllegalArgumentException("Expected " + FORMS);
  }

  /** The shortest exact form: {@code 250ms}, {@code 90s}, {@code 1h}. */
  public static String format(Duration duration) {
    if (duration.toNanosPart() % 1_000_000 != 0 || duration.isNegative()) {
      return duration.toString();
    }
    long seconds = duration.toSeconds();
    if (duration.toNanosPart() != 0) {
      return duration.toMillis() + "ms";
    }
    if (seconds == 0 || seconds % 60 != 0) {
      return seconds + "s";
    }
    if (seconds % 3_600 != 0) {
      return seconds / 60 + "m";
    }
    return seconds % 86_400 == 0 ? seconds / 86_400 + "d" : seconds / 3_600 + "h";
  }
}
