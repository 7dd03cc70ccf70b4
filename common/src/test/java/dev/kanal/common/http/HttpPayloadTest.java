package dev.kanal.common.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kanal.common.job.JsonBytes;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

final class HttpPayloadTest {
  /** The text arrives as it went in: nothing parses and rewrites it on the way. */
  @ParameterizedTest
  @ValueSource(
      strings = {
        "{\"a\":\"\\ud83d\"}",
        "{\"b\":1,\"a\":2}",
        "{ \"a\" : [ 1 ,\t2 ] }",
        "[-0, -0.0, 1E5, 1e+05, 1.50, 0.1e-7]",
        "123456789012345678901234567890.123456789",
        "{\"a\":\"\\u00fc\\/\\n\"}",
        "\n[\n]",
        "-0",
        "true",
        "{\"a\":\"ü😀\"}",
      })
  void shouldKeepTheBody_byteForByte(String body) throws Exception {
    HttpPayload payload = read("{\"url\":\"http://a\",\"body\":" + body + ",\"x\":1}");
    assertEquals(new HttpPayload.Body(body.strip(), true), payload.body());
  }

  @Test
  void shouldKeepTheBody_howeverLongItsNumbersAre() throws Exception {
    String digits = "7".repeat(5_000);
    HttpPayload payload = read("{\"url\":\"http://a\",\"body\":[" + digits + "]}");
    assertEquals(new HttpPayload.Body("[" + digits + "]", true), payload.body());
  }

  @Test
  void shouldTakeAText_asItIs() throws Exception {
    HttpPayload payload = read("{\"url\":\"http://a\",\"body\":\"\\u00fc\\ud83d\\ude00\\u0000\"}");
    assertEquals(new HttpPayload.Body("ü😀\0", false), payload.body());
    assertNull(read("{\"url\":\"http://a\",\"body\":null}").body());
  }

  @Test
  void shouldReadEverything() throws Exception {
    HttpPayload payload =
        read(
            """
            {"url":"http://a/b?c","method":"put","timeout":"2s","sign":{"$secret":"S"},"async":true,
             "other":[1,{"x":2}],
             "headers":{"A":"b","n":-0,"e":1E5,"t":true,"S":{"$secret":"X"},"empty":""}}
            """);
    assertEquals("http://a/b?c", payload.url().text());
    assertEquals("PUT", payload.method());
    assertEquals(Duration.ofSeconds(2), payload.timeout());
    assertEquals("S", payload.sign());
    assertEquals(true, payload.async());
    assertEquals(
        Map.of(
            "A", new HttpPayload.Header.Text("b"),
            "n", new HttpPayload.Header.Text("-0"),
            "e", new HttpPayload.Header.Text("1E5"),
            "t", new HttpPayload.Header.Text("true"),
            "S", new HttpPayload.Header.Secret("X"),
            "empty", new HttpPayload.Header.Text("")),
        Map.copyOf(payload.headers()));

    HttpPayload least =
        read("{\"url\":\"http://a\",\"method\":null,\"headers\":null,\"async\":null}");
    assertEquals("POST", least.method());
    assertEquals(Map.of(), least.headers());
    assertFalse(least.async());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      textBlock =
          """
          `{}`                                         | /url
          `[]`                                         | ``
          `null`                                       | ``
          `{"url":5}`                                  | /url
          `{"url":"http://a:99999/"}`                  | /url
          `{"url":"http://a","method":"A B"}`          | /method
          `{"url":"http://a","method":"ß"}`            | /method
          `{"url":"http://a","method":"trace"}`        | /method
          `{"url":"http://a","method":5}`              | /method
          `{"url":"http://a","timeout":5}`             | /timeout
          `{"url":"http://a","timeout":"soon"}`        | /timeout
          `{"url":"http://a","timeout":"-PT1S"}`       | /timeout
          `{"url":"http://a","timeout":"0s"}`          | /timeout
          `{"url":"http://a","async":"true"}`          | /async
          `{"url":"http://a","sign":"KEY"}`            | /sign
          `{"url":"http://a","sign":{"$secret":5}}`    | /sign
          `{"url":"http://a","sign":{"$secret":"a b"}}` | /sign
          `{"url":"http://a","body":"\\ud83d"}`        | /body
          `{"url":"http://a","body":"x\\ude00y"}`      | /body
          `{"url":"http://a","headers":[]}`            | /headers
          `{"url":"http://a","headers":{"X-Name":"Jürgen"}}`    | /headers/X-Name
          `{"url":"http://a","headers":{"X-Name":"caf\\u00e9"}}` | /headers/X-Name
          `{"url":"http://a","headers":{"X-Name":"\\u4f60"}}`   | /headers/X-Name
          `{"url":"http://a","headers":{"X":null}}`    | /headers/X
          `{"url":"http://a","headers":{"X":[1]}}`     | /headers/X
          `{"url":"http://a","headers":{"X":" a"}}`    | /headers/X
          `{"url":"http://a","headers":{"X":"a\\t"}}`  | /headers/X
          `{"url":"http://a","headers":{"X":"a\\r\\nB: c"}}`    | /headers/X
          `{"url":"http://a","headers":{"X":"\\u007f"}}`        | /headers/X
          `{"url":"http://a","headers":{"X":{"secret":"A"}}}`   | /headers/X
          `{"url":"http://a","headers":{"X":{"$secret":"A","b":1}}}` | /headers/X
          `{"url":"http://a","headers":{"X":{}}}`      | /headers/X
          `{"url":"http://a","headers":{"X":"1","x":"2"}}`      | /headers/x
          `{"url":"http://a","headers":{"Über":"1"}}`  | /headers/Über
          `{"url":"http://a","headers":{"a/~b":"1"}}`  | /headers/a~1~0b
          `{"url":"http://a","headers":{"Host":"b"}}`  | /headers/Host
          `{"url":"http://a","headers":{"kanal-x":"b"}}` | /headers/kanal-x
          `{"url":"http://a","url":"http://b"}`        | ``
          """)
  void shouldNameTheField(String payload, String pointer) {
    var bad = assertThrows(BadPayloadException.class, () -> read(payload));
    assertEquals(pointer == null ? "" : pointer, bad.pointer(), bad::detail);
  }

  @Test
  void shouldSayNothingThatMayBeSecret() {
    String payload = "{\"url\":\"http://a\",\"headers\":{\"Authorization\":\"hush ü\"}}";
    var bad = assertThrows(BadPayloadException.class, () -> read(payload));
    assertEquals(
        "Expected ASCII text of at most 8000 characters as header Authorization, but character 6 is"
            + " U+00FC",
        bad.detail());
    var url =
        assertThrows(
            BadPayloadException.class, () -> read("{\"url\":\"http://u:hush@a/?t=hush\"}"));
    assertFalse(url.detail().contains("hush"), url::detail);
  }

  @Test
  void shouldBoundHeaders() throws Exception {
    assertEquals(HttpPayload.HEADERS_MAX, read(headers(HttpPayload.HEADERS_MAX)).headers().size());
    var many =
        assertThrows(BadPayloadException.class, () -> read(headers(HttpPayload.HEADERS_MAX + 1)));
    assertEquals("/headers", many.pointer());
    String longest = "x".repeat(HeaderRules.VALUE_MAX);
    var _ = read("{\"url\":\"http://a\",\"headers\":{\"X\":\"" + longest + "\"}}");
    assertThrows(
        BadPayloadException.class,
        () -> read("{\"url\":\"http://a\",\"headers\":{\"X\":\"" + longest + "x\"}}"));
  }

  private static String headers(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"X-" + i + "\":\"v\"")
        .collect(Collectors.joining(",", "{\"url\":\"http://a\",\"headers\":{", "}}"));
  }

  private static HttpPayload read(String payload) throws BadPayloadException {
    return HttpPayload.read(JsonBytes.of(payload));
  }
}
