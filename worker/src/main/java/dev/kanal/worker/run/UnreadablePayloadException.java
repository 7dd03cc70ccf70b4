package dev.kanal.worker.run;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.exc.InputCoercionException;
import com.fasterxml.jackson.databind.JsonMappingException;
import com.fasterxml.jackson.databind.exc.InvalidDefinitionException;
import com.fasterxml.jackson.databind.exc.InvalidTypeIdException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.ValueInstantiationException;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Texts;
import dev.kanal.common.json.StrictJson;
import java.io.IOException;
import java.util.Arrays;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** The payload is not what the handler takes. */
final class UnreadablePayloadException extends Exception {
  private static final long serialVersionUID = 1L;
  private static final JsonFactory JSON = new JsonFactory();
  private static final int SHOWN = 100;
  private static final int CONSTANTS_SHOWN = 20;

  /**
   * @param pointer where in the payload; empty for the whole
   */
  UnreadablePayloadException(String pointer, String why, Throwable cause) {
    super(
        "Expected a payload that the handler can read, but at "
            + (pointer.isEmpty() ? "its top" : pointer)
            + ": "
            + why,
        cause);
  }

  /** What was expected at the place where reading stopped, and what stands there. */
  static UnreadablePayloadException of(JsonMappingException e, JsonBytes payload) {
    String pointer = pointer(e);
    Class<?> type = expected(e);
    if (type == null) {
      return new UnreadablePayloadException(pointer, why(e), e);
    }
    String why = "expected " + kind(type) + ", found " + found(payload, pointer);
    return new UnreadablePayloadException(pointer, why, e);
  }

  /** What the value should be; null if that is not what is wrong. */
  private static @Nullable Class<?> expected(JsonMappingException e) {
    return switch (e) {
      case InvalidTypeIdException _, InvalidDefinitionException _, ValueInstantiationException _ ->
          null;
      case MismatchedInputException mismatched -> mismatched.getTargetType();
      default ->
          e.getCause() instanceof InputCoercionException number ? number.getTargetType() : null;
    };
  }

  /** In the words of the payload's own class where they are known. */
  private static String why(JsonMappingException e) {
    Throwable cause = e.getCause();
    return cause == null || cause instanceof IOException
        ? e.getOriginalMessage()
        : String.valueOf(cause.getMessage());
  }

  private static String kind(Class<?> type) {
    Object[] constants = type.getEnumConstants();
    return constants == null
        ? type.getSimpleName()
        : Arrays.stream(constants)
            .limit(CONSTANTS_SHOWN)
            .map(String::valueOf)
            .collect(Collectors.joining(", ", "one of ", ""));
  }

  /** Where reading stopped, as a JSON pointer (RFC 6901). */
  private static String pointer(JsonMappingException e) {
    StringBuilder pointer = new StringBuilder();
    for (JsonMappingException.Reference step : e.getPath()) {
      String name = step.getFieldName();
      pointer
          .append('/')
          .append(name == null ? Integer.toString(step.getIndex()) : StrictJson.pointerToken(name));
    }
    return pointer.toString();
  }

  private static String found(JsonBytes payload, String pointer) {
    try (JsonParser json = JSON.createParser(payload.utf8())) {
      for (JsonToken token = json.nextToken(); token != null; token = json.nextToken()) {
        if (token != JsonToken.FIELD_NAME
            && json.getParsingContext().pathAsPointer().toString().equals(pointer)) {
          return found(json, token);
        }
      }
    } catch (IOException e) {
      return "something else";
    }
    return "nothing";
  }

  private static String found(JsonParser json, JsonToken token) throws IOException {
    return switch (token) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "the text \"" + Texts.shown(json.getText(), SHOWN) + '"';
      default -> Texts.shown(json.getText(), SHOWN);
    };
  }
}
