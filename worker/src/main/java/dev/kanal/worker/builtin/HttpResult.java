package dev.kanal.worker.builtin;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParser;
import dev.kanal.common.job.JsonBytes;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.http.HttpHeaders;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.Charset;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/** A response as the job's result. JSON bodies are taken over unchanged. */
final class HttpResult {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int WRAPPING = 128;
  private static final String CONTENT_TYPE = "content-type";
  private static final String CONTENT_ENCODING = "content-encoding";
  private static final Pattern CHARSET =
      Pattern.compile(";\\s*charset\\s*=\\s*[\"']?(?<name>[^\\s;\"']+)", Pattern.CASE_INSENSITIVE);

  private HttpResult() {}

  static JsonBytes of(int status, HttpHeaders headers, byte[] body) throws IOException {
    String contentType = headers.firstValue(CONTENT_TYPE).orElse(null);
    String encoding = encoding(headers);
    var bytes = new ByteArrayOutputStream(body.length + WRAPPING);
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeNumberField("status", status);
      out.writeObjectFieldStart("headers");
      if (contentType != null) {
        out.writeStringField(CONTENT_TYPE, contentType);
      }
      if (!encoding.isEmpty()) {
        out.writeStringField(CONTENT_ENCODING, encoding);
      }
      out.writeEndObject();
      out.writeFieldName("body");
      writeBody(out, headers, body);
      out.writeEndObject();
    }
    return JsonBytes.wrap(bytes.toByteArray());
  }

  private static void writeBody(JsonGenerator out, HttpHeaders headers, byte[] body)
      throws IOException {
    String text = body.length == 0 ? null : text(headers, body);
    if (body.length == 0) {
      out.writeNull();
    } else if (text == null) {
      out.writeStartObject();
      out.writeStringField("base64", Base64.getEncoder().encodeToString(body));
      out.writeEndObject();
    } else if (isJsonType(headers.firstValue(CONTENT_TYPE).orElse(null)) && isJson(text)) {
      out.writeRawValue(text);
    } else {
      out.writeString(text);
    }
  }

  /**
   * The body as text: in the charset that it declares, else in UTF-8. Null for what is compressed
   * or is no text in that charset.
   */
  static @Nullable String text(HttpHeaders headers, byte[] body) {
    if (!encoding(headers).isEmpty()) {
      return null;
    }
    try {
      return charset(headers.firstValue(CONTENT_TYPE).orElse(""))
          .newDecoder()
          .onMalformedInput(CodingErrorAction.REPORT)
          .onUnmappableCharacter(CodingErrorAction.REPORT)
          .decode(ByteBuffer.wrap(body))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  /** How the body is compressed; empty if it is not. */
  private static String encoding(HttpHeaders headers) {
    return headers.allValues(CONTENT_ENCODING).stream()
        .flatMap(line -> Arrays.stream(line.split(",")))
        .map(each -> each.strip().toLowerCase(Locale.ROOT))
        .filter(each -> !each.isEmpty() && !each.equals("identity"))
        .collect(Collectors.joining(", "));
  }

  /** UTF-8 where no charset is named, or an unknown one. */
  private static Charset charset(String contentType) {
    Matcher named = CHARSET.matcher(contentType);
    try {
      return named.find() ? Charset.forName(named.group("name")) : StandardCharsets.UTF_8;
    } catch (IllegalArgumentException e) {
      return StandardCharsets.UTF_8;
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
}
