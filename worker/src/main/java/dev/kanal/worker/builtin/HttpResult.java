package dev.kanal.worker.builtin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.kanal.common.job.JsonBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** A response as the job's result. JSON bodies stand in it as they came. */
final class HttpResult {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int WRAPPING = 128;

  private HttpResult() {}

  static JsonBytes of(int status, @Nullable String contentType, byte[] body) throws IOException {
    var bytes = new ByteArrayOutputStream(body.length + WRAPPING);
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeNumberField("status", status);
      out.writeObjectFieldStart("headers");
      if (contentType != null) {
        out.writeStringField("content-type", contentType);
      }
      out.writeEndObject();
      out.writeFieldName("body");
      writeBody(out, contentType, body);
      out.writeEndObject();
    }
    return JsonBytes.wrap(bytes.toByteArray());
  }

  private static void writeBody(JsonGenerator out, @Nullable String contentType, byte[] body)
      throws IOException {
    String text = body.length == 0 ? null : utf8(body);
    if (body.length == 0) {
      out.writeNull();
    } else if (text == null) {
      out.writeStartObject();
      out.writeStringField("base64", Base64.getEncoder().encodeToString(body));
      out.writeEndObject();
    } else if (isJsonType(contentType) && isJson(text)) {
      out.writeRawValue(text);
    } else {
      out.writeString(text);
    }
  }

  private static boolean isJsonType(@Nullable String contentType) {
    if (contentType == null) {
      return false;
    }
    int end = contentType.indexOf(';');
    String media =
        (end < 0 ? contentType : contentType.substring(0, end)).trim().toLowerCase(Locale.ROOT);
    return media.equals("application/json") || media.endsWith("+json");
  }

  /** Whether {@code text} is exactly one JSON value. */
  private static boolean isJson(String text) {
    try (JsonParser parser = JSON.createParser(text)) {
      if (parser.nextToken() == null) {
        return false;
      }
      parser.skipChildren();
      parser.finishToken();
      return parser.nextToken() == null;
    } catch (IOException e) {
      return false;
    }
  }

  private static @Nullable String utf8(byte[] body) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(body))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }
}
