package dev.kanal.common.http;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import dev.kanal.common.config.HttpHandlerConfig;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Texts;
import dev.kanal.common.json.StrictJson;
import dev.kanal.common.unit.Durations;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** Reads one payload; belongs to one thread. Unknown fields are left alone. */
final class HttpPayloadReader {
  private static final String SECRET = "$secret";
  private static final int SHOWN = 100;
  private static final Set<String> METHODS_REFUSED = Set.of("CONNECT", "TRACE");

  /** Bounded by the size of payloads, and in depth by Jackson's own bound. */
  private static final JsonFactory JSON =
      StrictJson.factory(StreamReadConstraints.DEFAULT_MAX_DEPTH);

  private final byte[] bytes;
  private final JsonParser json;
  private final Map<String, HttpPayload.Header> headers =
      new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
  private @Nullable HttpUrl url;
  private String method = "POST";
  private HttpPayload.@Nullable Body body;
  private @Nullable Duration timeout;
  private @Nullable String sign;
  private boolean async;

  private HttpPayloadReader(byte[] bytes, JsonParser json) {
    this.bytes = bytes;
    this.json = json;
  }

  static HttpPayload read(JsonBytes payload) throws BadPayloadException {
    byte[] bytes = payload.utf8();
    try (JsonParser json = JSON.createParser(bytes)) {
      return new HttpPayloadReader(bytes, json).readAll();
    } catch (JsonProcessingException e) {
      throw new BadPayloadException(
          "",
          "Expected a JSON object without repeated names as payload, but at byte "
              + (e.getLocation() == null ? 0 : e.getLocation().getByteOffset())
              + " it is not");
    } catch (IOException e) {
      throw new BadPayloadException("", "Expected JSON as payload, but it cannot be read");
    }
  }

  private HttpPayload readAll() throws IOException, BadPayloadException {
    if (json.nextToken() != JsonToken.START_OBJECT) {
      throw new BadPayloadException(
          "", "Expected an object with the field url as payload, but got " + what());
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      if (json.nextToken() != JsonToken.VALUE_NULL) {
        readField(name);
      }
    }
    if (url == null) {
      throw new BadPayloadException("/url", "Expected url in the payload, but it is missing");
    }
    return new HttpPayload(url, method, headers, body, timeout, sign, async);
  }

  private void readField(String name) throws IOException, BadPayloadException {
    switch (name) {
      case "url" -> url = url(text("url"));
      case "method" -> method = method(text("method"));
      case "headers" -> readHeaders();
      case "body" -> body = body();
      case "timeout" -> timeout = timeout(text("timeout"));
      case "sign" -> sign = secret("/sign", "sign");
      case "async" -> async = async();
      default -> json.skipChildren();
    }
  }

  private String text(String field) throws IOException, BadPayloadException {
    if (json.currentToken() != JsonToken.VALUE_STRING) {
      throw new BadPayloadException(
          "/" + field, "Expected a text as " + field + ", but got " + what());
    }
    return json.getText();
  }

  private static HttpUrl url(String text) throws BadPayloadException {
    try {
      return HttpUrl.parse(text);
    } catch (HttpUrl.BadUrlException e) {
      throw new BadPayloadException("/url", "Expected an http or https URL as url, but " + e.why());
    }
  }

  private static String method(String given) throws BadPayloadException {
    String method = given.toUpperCase(Locale.ROOT);
    if (!HeaderRules.TOKEN.matcher(given).matches() || METHODS_REFUSED.contains(method)) {
      throw new BadPayloadException(
          "/method", "Expected an HTTP method as method, but got " + Texts.shown(given, SHOWN));
    }
    return method;
  }

  private static Duration timeout(String text) throws BadPayloadException {
    Duration timeout;
    try {
      timeout = Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw new BadPayloadException(
          "/timeout", e.getMessage() + " as timeout, but got " + Texts.shown(text, SHOWN));
    }
    if (timeout.compareTo(Duration.ofMillis(1)) < 0) {
      throw new BadPayloadException(
          "/timeout", "Expected a timeout of 1 ms or more, but got " + Texts.shown(text, SHOWN));
    }
    return timeout;
  }

  private boolean async() throws BadPayloadException {
    if (!json.currentToken().isBoolean()) {
      throw new BadPayloadException("/async", "Expected true or false as async, but got " + what());
    }
    return json.currentToken() == JsonToken.VALUE_TRUE;
  }

  private HttpPayload.Body body() throws IOException, BadPayloadException {
    if (json.currentToken() == JsonToken.VALUE_STRING) {
      String text = json.getText();
      int half = Texts.firstHalf(text);
      if (half >= 0) {
        throw new BadPayloadException(
            "/body",
            "Expected a text that can be sent as body, but character "
                + (half + 1)
                + " is half of a surrogate pair");
      }
      return new HttpPayload.Body(text, false);
    }
    ByteBuffer slice = ByteBuffer.wrap(StrictJson.slice(json, bytes, 0));
    try {
      return new HttpPayload.Body(
          StandardCharsets.UTF_8.newDecoder().decode(slice).toString(), true);
    } catch (CharacterCodingException e) {
      throw new BadPayloadException("/body", "Expected UTF-8 as body, but it is not");
    }
  }

  private void readHeaders() throws IOException, BadPayloadException {
    if (json.currentToken() != JsonToken.START_OBJECT) {
      throw new BadPayloadException("/headers", "Expected an object as headers, but got " + what());
    }
    while (json.nextToken() == JsonToken.FIELD_NAME) {
      String name = json.currentName();
      json.nextToken();
      String pointer = "/headers/" + escaped(name);
      checkName(pointer, name);
      if (headers.put(name, header(pointer, name)) != null) {
        throw new BadPayloadException(
            pointer, "Expected each header once, but " + name + " stands there again");
      }
      if (headers.size() > HttpPayload.HEADERS_MAX) {
        throw new BadPayloadException(
            "/headers", "Expected at most " + HttpPayload.HEADERS_MAX + " headers, but got more");
      }
    }
  }

  private static void checkName(String pointer, String name) throws BadPayloadException {
    if (!HeaderRules.TOKEN.matcher(name).matches()) {
      throw new BadPayloadException(
          pointer, "Expected the name of a header, but got " + Texts.shown(name, SHOWN));
    }
    if (HeaderRules.isForbidden(name)) {
      throw new BadPayloadException(
          pointer, "Expected headers that may be set, but " + name + " may not");
    }
  }

  private HttpPayload.Header header(String pointer, String name)
      throws IOException, BadPayloadException {
    if (json.currentToken() == JsonToken.START_OBJECT) {
      return new HttpPayload.Header.Secret(secret(pointer, "header " + name));
    }
    if (!json.currentToken().isScalarValue() || json.currentToken() == JsonToken.VALUE_NULL) {
      throw new BadPayloadException(pointer, HeaderRules.expectation(name) + ", but got " + what());
    }
    String value = json.getText();
    String fault = HeaderRules.fault(value);
    if (fault != null) {
      throw new BadPayloadException(pointer, HeaderRules.expectation(name) + ", but " + fault);
    }
    return new HttpPayload.Header.Text(value);
  }

  private String secret(String pointer, String where) throws IOException, BadPayloadException {
    String name = null;
    boolean fits = json.currentToken() == JsonToken.START_OBJECT;
    while (fits && json.nextToken() == JsonToken.FIELD_NAME) {
      fits = json.currentName().equals(SECRET) && json.nextToken() == JsonToken.VALUE_STRING;
      name = fits ? json.getText() : null;
    }
    if (!fits || name == null) {
      throw new BadPayloadException(
          pointer, "Expected {\"$secret\":\"X\"} as " + where + ", but got another value");
    }
    if (!HttpHandlerConfig.SECRET_NAME.matcher(name).matches()) {
      throw new BadPayloadException(
          pointer,
          "Expected a secret's name that matches "
              + HttpHandlerConfig.SECRET_NAME
              + " as "
              + where
              + ", but got "
              + Texts.shown(name, SHOWN));
    }
    return name;
  }

  private static String escaped(String name) {
    return StrictJson.pointerToken(Texts.shown(name, SHOWN));
  }

  private String what() {
    return switch (json.currentToken()) {
      case START_OBJECT -> "an object";
      case START_ARRAY -> "an array";
      case VALUE_STRING -> "a text";
      case VALUE_NUMBER_INT, VALUE_NUMBER_FLOAT -> "a number";
      case VALUE_TRUE, VALUE_FALSE -> "true or false";
      case VALUE_NULL -> "null";
      case null, default -> "nothing";
    };
  }
}
