package dev.kanal.scheduler.api.jobcommand;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.TokenHash;
import dev.kanal.scheduler.api.json.FieldReader;
import dev.kanal.scheduler.api.json.JsonBody;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** The end of a parked attempt while its fields are read: a token, and a result or an error. */
final class CompletionParser {
  static final String FIELDS = "token, result, error";
  static final String ERROR_FIELDS = "type, message, retryable";

  private final JsonParser json;
  private final FieldReader fields;
  private final int resultMax;
  private boolean isObject;
  private @Nullable String token;
  private boolean tokenSeen;
  private @Nullable JsonBytes result;
  private boolean resultTooLarge;
  private boolean errorSeen;
  private @Nullable String type;
  private boolean typeSeen;
  private String message = "";
  private boolean retryable = true;

  private CompletionParser(JsonParser json, int resultMax) {
    this.json = json;
    this.fields = new FieldReader(json);
    this.resultMax = resultMax;
  }

  /** What ends the attempt. */
  record Ending(TokenHash token, Outcome outcome) {}

  /** Reads a body; it is not kept. */
  static Ending read(byte[] body, int resultMax) throws RefusedException {
    return JsonBody.read(
            body,
            0,
            body.length,
            json -> {
              CompletionParser given = new CompletionParser(json, resultMax);
              given.isObject = json.currentToken() == JsonToken.START_OBJECT;
              given.fields.object("", FIELDS, name -> given.readField(name, body));
              return given;
            })
        .finish();
  }

  private boolean readField(String name, byte[] body) throws IOException {
    switch (name) {
      case "token" -> {
        tokenSeen = true;
        token = text("/token", TokenHash.TOKEN_MAX);
      }
      case "result" -> readResult(body);
      case "error" -> {
        errorSeen = true;
        fields.object("/error", ERROR_FIELDS, this::readErrorField);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private boolean readErrorField(String name) throws IOException {
    switch (name) {
      case "type" -> {
        typeSeen = true;
        type = text("/error/type", ErrorInfo.TYPE_MAX);
      }
      case "message" -> {
        String text = fields.text("/error/message");
        message = text == null ? "" : text;
      }
      case "retryable" -> {
        Boolean flag = fields.bool("/error/retryable");
        retryable = flag == null || flag;
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private @Nullable String text(String pointer, int max) throws IOException {
    String text = fields.text(pointer);
    if (text == null) {
      return null;
    }
    int length = text.codePointCount(0, text.length());
    if (length < 1 || length > max) {
      fields.refuse(pointer, "Expected a text of 1 to " + max + " characters, but got " + length);
      return null;
    }
    return text;
  }

  private void readResult(byte[] body) throws IOException {
    JsonBytes value = JsonBody.value(json, body, 0);
    resultTooLarge = value.length() > resultMax;
    result = resultTooLarge ? JsonBytes.NULL : value;
  }

  private Ending finish() throws RefusedException {
    if (isObject && !tokenSeen) {
      fields.refuse("/token", "Expected the attempt's token, but it is missing");
    }
    if (errorSeen && result != null) {
      fields.refuse("/error", "Expected result or error, but got both");
    } else if (errorSeen && !typeSeen && fields.errors().isEmpty()) {
      fields.refuse("/error/type", "Expected an error's type, but it is missing");
    }
    if (resultTooLarge) {
      throw new RefusedException(Problem.resultTooLarge(resultMax));
    }
    if (token == null || !fields.errors().isEmpty()) {
      throw fields.refusal();
    }
    Outcome outcome =
        type == null
            ? new Outcome.Succeeded(result == null ? JsonBytes.NULL : result)
            : new Outcome.Failed(new ErrorInfo(type, message, null), retryable);
    return new Ending(TokenHash.of(token), outcome);
  }
}
