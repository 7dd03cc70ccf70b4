package dev.kanal.check.server;

import java.time.Duration;
import java.time.format.DateTimeParseException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import picocli.CommandLine.ITypeConverter;
import picocli.CommandLine.TypeConversionException;

/** Reads {@code 500ms}, {@code 30s}, {@code 5m}, {@code 2h} and ISO-8601 durations. */
public final class HumanDuration implements ITypeConverter<Duration> {
  private static final Pattern SHORT = Pattern.compile("(\\d{1,9})(ms|s|m|h)");

  @Override
  public Duration convert(String value) {
    Matcher matcher = SHORT.matcher(value);
    Duration duration = matcher.matches() ? ofUnit(matcher) : ofIso(value);
    if (!duration.isPositive()) {
      throw new TypeConversionException("Expected a duration above zero, but got '" + value + "'");
    }
    return duration;
  }

  private static Duration ofUnit(Matcher matcher) {
    long amount = Long.parseLong(matcher.group(1));
    return switch (matcher.group(2)) {
      case "ms" -> Duration.ofMillis(amount);
      case "s" -> Duration.ofSeconds(amount);
      case "m" -> Duration.ofMinutes(amount);
      default -> Duration.ofHours(amount);
    };
  }

  private static Duration ofIso(String value) {
    try {
      return Duration.parse(value);
    } catch (DateTimeParseException e) {
      throw new TypeConversionException(
          "Expected a duration such as 30s, 5m or PT1H, but got '" + value + "'");
    }
  }
}
