package dev.kanal.worker.builtin;

import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.LocalDate;
import java.time.ZoneOffset;
import java.time.format.DateTimeFormatter;
import java.time.format.DateTimeFormatterBuilder;
import java.time.temporal.ChronoField;
import java.util.List;
import java.util.Locale;
import java.util.Optional;
import java.util.regex.Pattern;

/** The header {@code Retry-After}: seconds, or a date in one of the three forms of HTTP. */
final class RetryAfter {
  /** The longest wait that a service can impose on a job. */
  static final Duration MAX = Duration.ofHours(1);

  private static final Pattern SECONDS = Pattern.compile("\\d+");

  /** More digits are more than {@link #MAX}. */
  private static final int DIGITS = 9;

  /** A two-digit year that would be further ahead than this lies in the past (RFC 9110, 5.6.7). */
  private static final int YEARS_AHEAD = 50;

  private RetryAfter() {}

  /** How long to wait, from nothing to {@link #MAX}; empty if the header has no usable value. */
  static Optional<Duration> parse(String header, Instant now) {
    String text = header.strip();
    if (SECONDS.matcher(text).matches()) {
      String digits = text.replaceFirst("^0+(?=.)", "");
      Duration wait = digits.length() > DIGITS ? MAX : Duration.ofSeconds(Long.parseLong(digits));
      return Optional.of(bounded(wait));
    }
    return forms(now).stream()
        .flatMap(form -> date(form, text).stream())
        .findFirst()
        .map(date -> bounded(Duration.between(now, date)));
  }

  private static Optional<Instant> date(DateTimeFormatter form, String text) {
    try {
      return Optional.of(form.parse(text, Instant::from));
    } catch (DateTimeException e) {
      return Optional.empty();
    }
  }

  private static Duration bounded(Duration wait) {
    return wait.isNegative() ? Duration.ZERO : wait.compareTo(MAX) > 0 ? MAX : wait;
  }

  private static List<DateTimeFormatter> forms(Instant now) {
    LocalDate century = LocalDate.ofInstant(now, ZoneOffset.UTC).minusYears(YEARS_AHEAD - 1L);
    DateTimeFormatter rfc850 =
        new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern("EEEE, dd-MMM-")
            .appendValueReduced(ChronoField.YEAR, 2, 2, century)
            .appendPattern(" HH:mm:ss 'GMT'")
            .toFormatter(Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    DateTimeFormatter asctime =
        new DateTimeFormatterBuilder()
            .parseCaseInsensitive()
            .appendPattern("EEE MMM ppd HH:mm:ss uuuu")
            .toFormatter(Locale.ENGLISH)
            .withZone(ZoneOffset.UTC);
    return List.of(DateTimeFormatter.RFC_1123_DATE_TIME, rfc850, asctime);
  }
}
