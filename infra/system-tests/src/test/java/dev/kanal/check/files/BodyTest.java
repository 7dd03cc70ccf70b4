package dev.kanal.check.files;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.util.HexFormat;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class BodyTest {
  private final ObjectMapper json = new ObjectMapper();

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '|',
      value = {
        "null, ||",
        "\"\", ||",
        "\"a\\u0000\\r\\n\", 61000d0a",
        "\"\\uFEFFä\", efbbbfc3a4",
        "{\"base64\":\"/wA=\"}, ff00"
      })
  void shouldFindTheBytesBehindABody(String body, String hex) throws IOException {
    byte[] bytes = Body.bytes(json.readTree(body)).orElseThrow();

    assertEquals(hex, HexFormat.of().formatHex(bytes));
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "7", "[]", "{}", "{\"base64\":\"?\"}", "{\"base64\":\"\",\"a\":1}"})
  void shouldFindNone_whenTheBodyIsNeitherTextNorBase64(String body) throws IOException {
    assertTrue(Body.bytes(json.readTree(body)).isEmpty(), body);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "00", "c3a4", "c3", "ff00", "efbbbf61"})
  void shouldReadBackWhatItWrote(String hex) {
    byte[] bytes = HexFormat.of().parseHex(hex);

    assertEquals(hex, HexFormat.of().formatHex(Body.bytes(Body.of(bytes, json)).orElseThrow()));
  }
}
