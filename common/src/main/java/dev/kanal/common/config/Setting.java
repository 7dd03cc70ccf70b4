package dev.kanal.common.config;

import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.regex.Pattern;

/**
 * One key: what it means, how its text is read, and within which bounds.
 *
 * @param key lower-case, dots between parts, dashes between words
 * @param kind what a value is, for people
 * @param defaultText read like any other value
 * @param bounds for people
 * @param reader throws {@link IllegalArgumentException}, whose message begins with "Expected"
 */
public record Setting<T>(
    String key,
    String kind,
    String defaultText,
    String bounds,
    String meaning,
    Function<String, T> reader) {
  private static final Pattern KEY = Pattern.compile("[a-z]+([.-][a-z]+)*");
  private static final String ENVIRONMENT_PREFIX = "KANAL_";

  public Setting {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("Expected a key such as a.b-c, but got " + key);
    }
  }

  static Setting<String> text(String key, String defaultText, String meaning) {
    return new Setting<>(key, "text", defaultText, "", meaning, text -> text);
  }

  /** A text that {@code pattern} matches. */
  static Setting<String> text(String key, String defaultText, Pattern pattern, String meaning) {
    return new Setting<>(
        key,
        "text",
        defaultText,
        "matches " + pattern,
        meaning,
        text -> {
          if (!pattern.matcher(text).matches()) {
            throw new IllegalArgumentException("Expected a text that matches " + pattern);
          }
          return text;
        });
  }

  /** Names with commas in between. */
  static Setting<List<String>> list(String key, String defaultText, String meaning) {
    return new Setting<>(
        key,
        "list",
        defaultText,
        "",
        meaning,
        text ->
            Arrays.stream(text.split(",", -1))
                .map(String::strip)
                .filter(s -> !s.isEmpty())
                .toList());
  }

  static Setting<Boolean> bool(String key, boolean defaultValue, String meaning) {
    return choice(key, defaultValue ? "true" : "false", List.of("true", "false"), meaning)
        .map(Boolean::parseBoolean);
  }

  static Setting<String> choice(
      String key, String defaultText, List<String> choices, String meaning) {
    String all = String.join(" or ", choices);
    return new Setting<>(
        key,
        "choice",
        defaultText,
        all,
        meaning,
        text -> {
          if (!choices.contains(text)) {
            throw new IllegalArgumentException("Expected " + all);
          }
          return text;
        });
  }

  static Setting<Integer> integer(
      String key, int defaultValue, Bounds<Integer> bounds, String meaning) {
    return new Setting<>(
        key,
        "number",
        Integer.toString(defaultValue),
        bounds.toString(),
        meaning,
        text -> bounds.check(readInteger(text)));
  }

  static Setting<Duration> duration(
      String key, String defaultText, Bounds<Duration> bounds, String meaning) {
    return new Setting<>(
        key,
        "duration",
        defaultText,
        bounds.toString(),
        meaning,
        text -> bounds.check(Durations.parse(text)));
  }

  static Setting<Long> size(String key, String defaultText, Bounds<Long> bounds, String meaning) {
    String text = Sizes.format(bounds.least()) + " to " + Sizes.format(bounds.most());
    return new Setting<>(
        key,
        "size",
        defaultText,
        text,
        meaning,
        value -> {
          long bytes = Sizes.parse(value);
          if (bytes < bounds.least() || bytes > bounds.most()) {
            throw new IllegalArgumentException("Expected " + text);
          }
          return bytes;
        });
  }

  /** The environment variable of the same setting. */
  public String environmentName() {
    return ENVIRONMENT_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  private <R> Setting<R> map(Function<T, R> then) {
    return new Setting<>(key, kind, defaultText, bounds, meaning, reader.andThen(then));
  }

  private static int readInteger(String text) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Expected a whole number", e);
    }
  }

  /** From {@code least} to {@code most}, both included. */
  record Bounds<T extends Comparable<T>>(T least, T most) {
    T check(T value) {
      if (value.compareTo(least) < 0 || value.compareTo(most) > 0) {
        throw new IllegalArgumentException("Expected " + this);
      }
      return value;
    }

    @Override
    public String toString() {
      return least + " to " + most;
    }
  }
}
