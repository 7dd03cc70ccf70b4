package dev.kanal.check.server;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** Splits an NDJSON answer into lines as it arrives. A line counts only when it came whole. */
final class BatchAnswerReader {
  static final int LONGEST_LINE_BYTES = 64 * 1024;
  private static final int BUFFER_BYTES = 8 * 1024;

  private final ObjectMapper json;
  private final List<BatchLine> lines = new ArrayList<>();
  private final ByteArrayOutputStream line = new ByteArrayOutputStream();

  BatchAnswerReader(ObjectMapper json) {
    this.json = json;
  }

  /** Reads to the end, or to where the stream breaks off. */
  BatchAnswer.Lines read(InputStream in) {
    byte[] buffer = new byte[BUFFER_BYTES];
    try (in) {
      for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
        take(buffer, n);
      }
    } catch (IOException e) {
      return new BatchAnswer.Lines(lines, "the answer broke off: " + e.getMessage());
    }
    endLine();
    return new BatchAnswer.Lines(lines, null);
  }

  private void take(byte[] buffer, int length) throws IOException {
    int start = 0;
    for (int i = 0; i < length; i++) {
      if (buffer[i] == '\n') {
        line.write(buffer, start, i - start);
        endLine();
        start = i + 1;
      }
    }
    line.write(buffer, start, length - start);
    if (line.size() > LONGEST_LINE_BYTES) {
      throw new IOException(
          "Expected answer lines of at most %d bytes, but line %d is longer"
              .formatted(LONGEST_LINE_BYTES, lines.size() + 1));
    }
  }

  private void endLine() {
    String text = line.toString(StandardCharsets.UTF_8).strip();
    line.reset();
    if (!text.isEmpty()) {
      lines.add(parse(text));
    }
  }

  private BatchLine parse(String text) {
    try {
      JsonNode node = json.readTree(text);
      long number = node.path("line").asLong(0);
      if (number > 0 && node.path("id").isTextual()) {
        return new BatchLine.Accepted(number, node.path("id").asText());
      }
      if (number > 0 && node.path("status").isInt()) {
        return new BatchLine.Refused(
            number,
            node.path("status").asInt(),
            node.path("type").asText(""),
            Texts.shorten(node.path("detail").asText("")));
      }
    } catch (JsonProcessingException e) {
      return new BatchLine.Unreadable(Texts.shorten(text));
    }
    return new BatchLine.Unreadable(Texts.shorten(text));
  }
}
