package dev.kanal.scheduler.api.json;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kanal.common.json.StrictJson;
import dev.kanal.common.unit.Durations;
import dev.kanal.scheduler.api.problem.FieldError;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Reads the fields of one document and notes what is wrong with them, so that a client learns of
 * all its mistakes at once. Each method stands at a value and leaves the parser at its end.
 */
public final class FieldReader {
  /** How many errors are reported at most. */
  static final int ERRORS_MAX = 20;

  private final JsonParser json;
  private final String root;
  private final List<FieldError> errors;

  public FieldReader(JsonParser json) {
    this(json, "", new ArrayList<>());
  }

  private FieldReader(JsonParser json, String root, List<FieldError> errors) {
    this.json = json;
    this.root = root;
    this.errors = errors;
  }

  /** A reader for what stands at {@code pointer}, which notes errors in the same place. */
  public FieldReader within(String pointer) {
    return new FieldReader(json, root + pointer, errors);
  }

  /** The refusal of what has mistakes; there must be one. */
  public RefusedException refusal() {
    return new RefusedException(Problem.invalid(errors()));
  }

  public List<FieldError> errors() {
    return errors;
  }

  public void refuse(String pointer, String detail) {
    if (errors.size() < ERRORS_MAX) {
      errors.add(new FieldError(root + pointer, detail));
    }
  }

  /** Reads one field of an object by its name; answers whether it knows the field. */
  public interface Field {
    boolean read(String name) throws IOException;
  }

  /** Reads an object; {@code known} lists the fields for the message about another. */
  public void object(String pointer, String known, Field field) throws IOException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      wrongType(pointer, "an object");
      return;
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      if (!field.read(name)) {
        refuse(
            pointer + "/" + escape(name),
            "Expected one of the fields " + known + ", but got " + Quoted.of(name));
        json.skipChildren();
      }
    }
  }

  /** A text without NUL and without halves of surrogate pairs. */
  public @Nullable String text(String pointer) throws IOException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      wrongType(pointer, "a string");
      return null;
    }
    String text = json.getText();
    return isClean(pointer, text) ? text : null;
  }

  /** A text of this form; null if it is not. */
  public @Nullable String matching(String pointer, Pattern pattern) throws IOException {
    String text = text(pointer);
    if (text == null || pattern.matcher(text).matches()) {
      return text;
    }
    refuse(pointer, "Expected text that matches " + pattern + ", but got " + Quoted.of(text));
    return null;
  }

  public boolean isClean(String pointer, String text) {
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == 0) {
        refuse(pointer, "Expected text without NUL, but got one at character " + (i + 1));
        return false;
      }
      if (Character.isSurrogate(c)) {
        if (Character.isLowSurrogate(c)
            || i + 1 == text.length()
            || !Character.isLowSurrogate(text.charAt(i + 1))) {
          refuse(pointer, "Expected text, but got half of a surrogate pair at " + (i + 1));
          return false;
        }
        i++;
      }
    }
    return true;
  }

  public @Nullable Integer wholeNumber(String pointer, int min, int max) throws IOException {
    Long value = wholeNumber(pointer, (long) min, (long) max);
    return value == null ? null : Math.toIntExact(value);
  }

  public @Nullable Long wholeNumber(String pointer, long min, long max) throws IOException {
    String bounds = "a whole number from " + min + " to " + max;
    if (json.currentToken() == JsonToken.VALUE_NUMBER_FLOAT) {
      refuse(pointer, "Expected " + bounds + ", but got " + Quoted.cut(json.getText()));
      return null;
    }
    if (json.currentToken() != JsonToken.VALUE_NUMBER_INT) {
      wrongType(pointer, bounds);
      return null;
    }
    if (json.getNumberType() != JsonParser.NumberType.BIG_INTEGER) {
      long value = json.getLongValue();
      if (value >= min && value <= max) {
        return value;
      }
    }
    refuse(pointer, "Expected " + bounds + ", but got " + Quoted.cut(json.getText()));
    return null;
  }

  /** One of several words. */
  public <T> @Nullable T choice(String pointer, List<T> all, Function<T, String> text)
      throws IOException {
    String got = text(pointer);
    if (got == null) {
      return null;
    }
    for (T each : all) {
      if (text.apply(each).equals(got)) {
        return each;
      }
    }
    String known = all.stream().map(text).collect(Collectors.joining(", "));
    refuse(pointer, "Expected one of " + known + ", but got " + Quoted.of(got));
    return null;
  }

  public @Nullable Boolean bool(String pointer) throws IOException {
    if (!json.currentToken().isBoolean()) {
      wrongType(pointer, "true or false");
      return null;
    }
    return json.getBooleanValue();
  }

  public @Nullable Double number(String pointer, double min, double max) throws IOException {
    String bounds = "a number from " + plain(min) + " to " + plain(max);
    if (!json.currentToken().isNumeric()) {
      wrongType(pointer, bounds);
      return null;
    }
    double value = Double.parseDouble(json.getText());
    if (value >= min && value <= max) {
      return value;
    }
    refuse(pointer, "Expected " + bounds + ", but got " + Quoted.cut(json.getText()));
    return null;
  }

  public @Nullable Duration duration(String pointer, Duration min, Duration max)
      throws IOException {
    String text = text(pointer);
    if (text == null) {
      return null;
    }
    Duration value;
    try {
      value = Durations.parse(text);
    } catch (IllegalArgumentException e) {
      refuse(pointer, "Expected a duration such as PT30S, 30s or 5m, but got " + Quoted.of(text));
      return null;
    }
    if (value.compareTo(min) < 0 || value.compareTo(max) > 0) {
      refuse(pointer, "Expected a duration from " + min + " to " + max + ", but got " + value);
      return null;
    }
    return value;
  }

  public @Nullable Instant time(String pointer) throws IOException {
    String text = text(pointer);
    if (text == null) {
      return null;
    }
    Instant time = Times.parse(text);
    if (time == null) {
      refuse(
          pointer,
          "Expected a time with its offset such as 2030-01-31T12:00:00Z, but got "
              + Quoted.of(text));
    }
    return time;
  }

  public void wrongType(String pointer, String expected) throws IOException {
    refuse(pointer, "Expected " + expected + ", but got " + what());
    json.skipChildren();
  }

  private String what() {
    return switch (json.currentToken()) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a string";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "a boolean";
      case VALUE_NULL -> "null";
      case END_OBJECT, END_ARRAY, FIELD_NAME, NOT_AVAILABLE, VALUE_EMBEDDED_OBJECT -> "no value";
    };
  }

  /** A reference token of a JSON pointer. */
  public static String escape(String name) {
    return StrictJson.pointerToken(Quoted.cut(name));
  }

  private static String plain(double number) {
    return number == Math.rint(number) ? Long.toString((long) number) : Double.toString(number);
  }
}
