package dev.kanal.common.json;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonPointer;
import com.fasterxml.jackson.core.JsonToken;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class StrictJsonTest {
  private static final JsonFactory JSON = StrictJson.factory(10);

  @ParameterizedTest
  @ValueSource(ints = {0, 7})
  void shouldTakeValuesAsTheyStandThere_whereverTheParserBegins(int from) throws IOException {
    List<String> values =
        List.of(
            "\"é😀\\n\"",
            "\"" + "long ".repeat(2_000) + "\"",
            "-1.5e3",
            "12",
            "null",
            "true",
            "[]",
            "{ \"a\" : [1, {\"b\":\"]}\"} ] }");
    byte[] bytes = (" ".repeat(from) + " [ " + String.join(" , ", values) + "\n]").getBytes(UTF_8);
    List<String> found = new ArrayList<>();
    try (JsonParser json = JSON.createParser(bytes, from, bytes.length - from)) {
      assertEquals(JsonToken.START_ARRAY, json.nextToken());
      while (json.nextToken() != JsonToken.END_ARRAY) {
        found.add(new String(StrictJson.slice(json, bytes, from), UTF_8));
      }
    }
    assertEquals(values, found);
  }

  @Test
  void shouldCountTheBytesOfATokenFromItsFirstToBehindItsLast() throws IOException {
    try (JsonParser json = JSON.createParser("{\"é\": \"äö\" , \"b\":[1, 2] }".getBytes(UTF_8))) {
      json.nextToken();
      json.nextToken();
      assertEquals(1, StrictJson.start(json));
      json.nextToken();
      assertEquals(7, StrictJson.start(json));
      assertEquals(13, StrictJson.end(json));
      json.nextToken();
      json.nextToken();
      assertEquals(20, StrictJson.start(json));
      assertEquals(26, StrictJson.skipToEnd(json));
    }
  }

  @Test
  void shouldWriteTokensThatPointersReadBack() {
    for (String name : List.of("", "a", "~", "/", "~1", "~0/~", "a/b~c", "é 😀")) {
      JsonPointer read = JsonPointer.compile("/" + StrictJson.pointerToken(name));
      assertEquals(name, read.getMatchingProperty());
      assertEquals(0, read.tail().toString().length());
    }
  }
}
