package dev.kanal.common.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.binary.UnreadableException;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class JsonDocumentsTest {
  private static final Document SOME =
      new Document(
          "x", 3, Duration.ofMillis(1_500), Instant.EPOCH, List.of("a"), Map.of("b", 2), null);
  private static final String TEXT =
      "{\"name\":\"x\",\"count\":3,\"pause\":\"PT1.5S\",\"at\":\"1970-01-01T00:00:00Z\","
          + "\"names\":[\"a\"],\"counts\":{\"b\":2}}";

  private record Document(
      @Nullable String name,
      int count,
      @Nullable Duration pause,
      @Nullable Instant at,
      List<String> names,
      Map<String, Integer> counts,
      @Nullable Integer more) {}

  @Test
  void shouldWriteFieldsInTheirOrder_withoutThoseThatAreNull() {
    assertEquals(TEXT, new String(JsonDocuments.write(SOME), UTF_8));
    assertEquals(SOME, read(TEXT));
  }

  @Test
  void shouldWriteIntoAnObjectThatIsOpen_andAsAValue() throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    try (JsonGenerator out = new JsonFactory().createGenerator(bytes)) {
      out.writeStartObject();
      JsonDocuments.writeFields(out, SOME);
      out.writeFieldName("inner");
      JsonDocuments.write(out, SOME);
      out.writeEndObject();
    }
    String open = TEXT.substring(0, TEXT.length() - 1);
    assertEquals(open + ",\"inner\":" + TEXT + "}", bytes.toString(UTF_8));
  }

  @Test
  void shouldTakeNothing_whereFieldsAreMissingOrNull() {
    Document nothing = new Document(null, 0, null, null, List.of(), Map.of(), null);
    assertEquals(nothing, read("{}"));
    assertEquals(nothing, read("{\"later\":[{}],\"count\":null,\"names\":null,\"counts\":null}"));
    assertEquals(nothing, read("{\"counts\":{\"b\":null}}"));
  }

  @Test
  void shouldNameTheDocument_whenItIsNone() {
    UnreadableException thrown =
        assertThrows(UnreadableException.class, () -> read("{\"pause\":\"soon\"}"));
    assertEquals(
        "Expected a document, but: Expected a duration such as PT5S, 250ms, 30s, 5m, 2h or 1d",
        thrown.getMessage());
  }

  private static Document read(String json) {
    return JsonDocuments.read(
        json.getBytes(UTF_8), Document.class, "a document", Function.identity());
  }
}
