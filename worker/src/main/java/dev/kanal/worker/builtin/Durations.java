package dev.kanal.worker.builtin;

import dev.kanal.worker.JobFailed;
import java.time.DateTimeException;
import java.time.Duration;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Durations in payloads: ISO-8601, or a number and a unit such as {@code 500ms} or {@code 30s}. */
final class Durations {
  private static final Pattern HUMAN = Pattern.compile("(\\d{1,15})(ms|s|m|h|d)");

  private Durations() {}

  /** Reads the field {@code name}; one that cannot be read or is negative fails for good. */
  static Duration parse(String name, String text) throws JobFailed {
    Duration duration;
    try {
      Matcher human = HUMAN.matcher(text);
      duration = human.matches() ? human(human) : Duration.parse(text);
    } catch (DateTimeException | ArithmeticException e) {
      throw bad(name, text);
    }
    if (duration.isNegative()) {
      throw bad(name, text);
    }
    return duration;
  }

  private static Duration human(Matcher human) {
    long number = Long.parseLong(human.group(1));
    return switch (human.group(2)) {
      case "ms" -> Duration.ofMillis(number);
      case "s" -> Duration.ofSeconds(number);
      case "m" -> Duration.ofMinutes(number);
      case "h" -> Duration.ofHours(number);
      default -> Duration.ofDays(number);
    };
  }

  private static JobFailed bad(String name, String text) {
    String shown = text.length() > 100 ? text.substring(0, 100) + "…" : text;
    return new JobFailed(
        Payloads.BAD,
        "Expected a duration such as PT0.5S or 500ms as " + name + ", but got " + shown,
        false);
  }
}
