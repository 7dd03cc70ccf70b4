package dev.kanal.check.files;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.TextNode;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import java.util.Optional;

/** How a response's bytes stand in the result of an {@code http} job: as text, or as base64. */
final class Body {
  private Body() {}

  static JsonNode of(byte[] bytes, ObjectMapper json) {
    try {
      String text = StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
      return TextNode.valueOf(text);
    } catch (CharacterCodingException e) {
      return json.createObjectNode().put("base64", Base64.getEncoder().encodeToString(bytes));
    }
  }

  /** The bytes behind a body, none behind null; empty if it is neither text nor base64. */
  static Optional<byte[]> bytes(JsonNode body) {
    if (body.isNull()) {
      return Optional.of(new byte[0]);
    }
    if (body.isTextual()) {
      return Optional.of(body.textValue().getBytes(StandardCharsets.UTF_8));
    }
    if (body.size() == 1 && body.path("base64").isTextual()) {
      try {
        return Optional.of(Base64.getDecoder().decode(body.path("base64").textValue()));
      } catch (IllegalArgumentException e) {
        return Optional.empty();
      }
    }
    return Optional.empty();
  }
}
