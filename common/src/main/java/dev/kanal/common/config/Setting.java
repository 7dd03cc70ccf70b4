package dev.kanal.common.config;

import dev.kanal.common.unit.Durations;
import dev.kanal.common.unit.Sizes;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.function.Function;
import java.util.function.Predicate;
import java.util.regex.Pattern;

/**
 * One key: what it means, how its text is read, and its bounds.
 *
 * @param key lower-case, dots between parts, dashes between words
 * @param kind what a value is, for people
 * @param defaultText read like any other value
 * @param bounds for people; empty without any
 * @param parser throws {@link IllegalArgumentException}, whose message begins with "Expected"
 * @param accepts whether a value is within the bounds
 * @param traits secret, reloadable
 */
public record Setting<T>(
    String key,
    String kind,
    String defaultText,
    String bounds,
    String meaning,
    Function<String, T> parser,
    Predicate<T> accepts,
    Traits traits) {
  private static final Pattern KEY = Pattern.compile("[a-z]+([.-][a-z]+)*");
  private static final String ENVIRONMENT_PREFIX = "KANAL_";

  public Setting {
    if (!KEY.matcher(key).matches()) {
      throw new IllegalArgumentException("Expected a key such as a.b-c, but got " + key);
    }
  }

  private static <T> Setting<T> of(
      String key, String kind, String defaultText, String meaning, Function<String, T> parser) {
    return new Setting<>(
        key, kind, defaultText, "", meaning, parser, _ -> true, new Traits(false, false));
  }

  static Setting<String> text(String key, String defaultText, String meaning) {
    return of(key, "text", defaultText, meaning, text -> text);
  }

  /** A text that matches {@code pattern}. */
  static Setting<String> text(String key, String defaultText, Pattern pattern, String meaning) {
    return text(key, defaultText, meaning)
        .within("a text that matches " + pattern, text -> pattern.matcher(text).matches());
  }

  /** A place in the file system, relative ones from where the process was started. */
  static Setting<Path> path(String key, String defaultText, String meaning) {
    return of(key, "path", defaultText, meaning, Setting::readPath);
  }

  /** Names with commas in between, at least one; repeated ones count once. */
  static Setting<List<String>> list(
      String key, String defaultText, Pattern pattern, String meaning) {
    return of(key, "list", defaultText, meaning, Setting::readList)
        .within(
            "names with commas in between, each of which matches " + pattern,
            names ->
                !names.isEmpty()
                    && names.stream().allMatch(name -> pattern.matcher(name).matches()));
  }

  static Setting<Boolean> bool(String key, boolean defaultValue, String meaning) {
    return of(key, "boolean", Boolean.toString(defaultValue), meaning, Setting::readBoolean)
        .within("true or false", _ -> true);
  }

  static Setting<String> choice(
      String key, String defaultText, List<String> choices, String meaning) {
    return of(key, "choice", defaultText, meaning, text -> text)
        .within(String.join(" or ", choices), choices::contains);
  }

  static Setting<Integer> integer(
      String key, int defaultValue, Bounds<Integer> bounds, String meaning) {
    String text = Integer.toString(defaultValue);
    return of(key, "number", text, meaning, value -> readInteger(value, bounds))
        .within(bounds.toString(), bounds::include);
  }

  static Setting<Duration> duration(
      String key, String defaultText, Bounds<Duration> bounds, String meaning) {
    String text = Durations.format(bounds.least()) + " to " + Durations.format(bounds.most());
    return of(key, "duration", defaultText, meaning, value -> readDuration(value, text))
        .within(text, bounds::include);
  }

  static Setting<Long> size(String key, String defaultText, Bounds<Long> bounds, String meaning) {
    String text = Sizes.format(bounds.least()) + " to " + Sizes.format(bounds.most());
    return of(key, "size", defaultText, meaning, value -> readSize(value, text))
        .within(text, bounds::include);
  }

  /** The same setting, whose value is never shown. */
  Setting<T> asSecret() {
    Traits secret = new Traits(true, traits.reloadable());
    return new Setting<>(key, kind, defaultText, bounds, meaning, parser, accepts, secret);
  }

  /** The environment variable of the same setting. */
  public String environmentName() {
    return ENVIRONMENT_PREFIX + key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_');
  }

  /**
   * Reads a value.
   *
   * @throws IllegalArgumentException with "Expected" and the bounds
   */
  T read(String text) {
    T value = parser.apply(text);
    if (!accepts.test(value)) {
      throw new IllegalArgumentException("Expected " + bounds);
    }
    return value;
  }

  /**
   * Checks a value that was not read.
   *
   * @throws IllegalArgumentException with the key, the bounds and the value
   */
  void check(T value) {
    if (!accepts.test(value)) {
      throw new IllegalArgumentException(
          key + ": Expected " + bounds + ", but got " + (traits.secret() ? "****" : value));
    }
  }

  private Setting<T> within(String text, Predicate<T> test) {
    return new Setting<>(key, kind, defaultText, text, meaning, parser, test, traits);
  }

  private static boolean readBoolean(String text) {
    return switch (text) {
      case "true" -> true;
      case "false" -> false;
      default -> throw new IllegalArgumentException("Expected true or false");
    };
  }

  private static int readInteger(String text, Bounds<Integer> bounds) {
    try {
      return Integer.parseInt(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("Expected a whole number, " + bounds, e);
    }
  }

  private static Duration readDuration(String text, String bounds) {
    try {
      return Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + ", within " + bounds, e);
    }
  }

  private static long readSize(String text, String bounds) {
    try {
      return Sizes.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(e.getMessage() + ", within " + bounds, e);
    }
  }

  private static Path readPath(String text) {
    try {
      if (!text.isBlank()) {
        return Path.of(text);
      }
    } catch (InvalidPathException e) {
      throw new IllegalArgumentException("Expected a path", e);
    }
    throw new IllegalArgumentException("Expected a path");
  }

  private static List<String> readList(String text) {
    return Arrays.stream(text.split(",", -1))
        .map(String::strip)
        .filter(name -> !name.isEmpty())
        .distinct()
        .toList();
  }

  /**
   * How a setting is treated.
   *
   * @param secret whether its value is never shown
   * @param reloadable whether a running process takes up a new value
   */
  record Traits(boolean secret, boolean reloadable) {}

  /** From {@code least} to {@code most}, both included. */
  record Bounds<T extends Comparable<T>>(T least, T most) {
    boolean include(T value) {
      return value.compareTo(least) >= 0 && value.compareTo(most) <= 0;
    }

    @Override
    public String toString() {
      return least + " to " + most;
    }
  }
}
