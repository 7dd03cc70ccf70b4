package dev.kanal.worker.builtin;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.Optional;
import java.util.regex.Pattern;

/** The header {@code Retry-After}: seconds, or a date. */
final class RetryAfter {
  /** Nobody makes a job wait longer. */
  static final Duration MAX = Duration.ofHours(1);

  private static final Pattern SECONDS = Pattern.compile("\\d{1,18}");

  private RetryAfter() {}

  /** How long to wait, from nothing to {@link #MAX}; empty if the header says nothing usable. */
  static Optional<Duration> parse(String header, Instant now) {
    String text = header.trim();
    try {
      Duration wait =
          SECONDS.matcher(text).matches()
              ? Duration.ofSeconds(Long.parseLong(text))
              : Duration.between(
                  now, ZonedDateTime.parse(text, DateTimeFormatter.RFC_1123_DATE_TIME).toInstant());
      return Optional.of(wait.isNegative() ? Duration.ZERO : wait.compareTo(MAX) > 0 ? MAX : wait);
    } catch (DateTimeException | ArithmeticException e) {
      return Optional.empty();
    }
  }
}
