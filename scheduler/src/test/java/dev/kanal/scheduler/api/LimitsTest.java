package dev.kanal.scheduler.api;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** What is at a bound passes, what is one beyond does not. */
final class LimitsTest {
  private static ApiNode node;

  @BeforeAll
  static void start() {
    node = new ApiNode();
  }

  @AfterAll
  static void stop() {
    node.close();
  }

  @Test
  void payload() {
    assertEquals(202, submit("\"payload\":\"" + "x".repeat(256 * 1024 - 2) + "\""));
    assertEquals(413, submit("\"payload\":\"" + "x".repeat(256 * 1024 - 1) + "\""));
  }

  @Test
  void bodyWithAndWithoutALength() {
    int overhead = "{\"type\":\"limit\",}".length();
    String largest = "\"tags\":{}" + " ".repeat(320 * 1024 - overhead - 9);

    assertEquals(202, submit(largest));
    assertEquals(413, submit(largest + " "));
    assertEquals(202, submitChunked(largest));
    assertEquals(413, submitChunked(largest + " "));
  }

  @Test
  void tags() {
    assertEquals(202, submit(tags(32)));
    assertEquals(422, submit(tags(33)));
    assertEquals(202, submit("\"tags\":{\"" + "n".repeat(63) + "\":\"" + "v".repeat(256) + "\"}"));
    assertEquals(202, submit("\"tags\":{\"n\":\"" + "\ud83d\ude00".repeat(256) + "\"}"));
    assertEquals(422, submit("\"tags\":{\"" + "n".repeat(64) + "\":\"v\"}"));
    assertEquals(422, submit("\"tags\":{\"n\":\"" + "v".repeat(257) + "\"}"));
  }

  @Test
  void depth() {
    assertEquals(202, submit("\"payload\":" + "[".repeat(99) + "]".repeat(99)));
    assertEquals(400, submit("\"payload\":" + "[".repeat(100) + "]".repeat(100)));
  }

  @Test
  void attemptsAndTimes() {
    assertEquals(202, submit("\"retry\":{\"maxAttempts\":1000}"));
    assertEquals(202, submit("\"timeout\":\"P7D\""));
    assertEquals(422, submit("\"timeout\":\"PT168H0.001S\""));
    assertEquals(202, submit("\"timeout\":\"1ms\""));
    assertEquals(202, submit("\"delay\":\"P36500D\""));
    assertEquals(422, submit("\"delay\":\"P36500DT1S\""));
    assertEquals(202, submit("\"queue\":\"" + "q".repeat(63) + "\""));
    assertEquals(202, submit("\"deadline\":\"2030-01-01T00:00:00.001Z\""));
    assertEquals(422, submit("\"deadline\":\"2030-01-01T00:00:00Z\""));
  }

  @Test
  void bulkLine() {
    assertEquals("id", bulk(512 * 1024, "\n"));
    assertEquals("id", bulk(512 * 1024, "\r\n"));
    assertEquals("id", bulk(512 * 1024, ""));
    assertEquals("urn:kanal:problem:payload-too-large", bulk(512 * 1024 + 1, "\n"));
    assertEquals("urn:kanal:problem:payload-too-large", bulk(512 * 1024 + 1, "\r\n"));
    assertEquals("urn:kanal:problem:payload-too-large", bulk(512 * 1024 + 1, ""));
  }

  @Test
  void waitOfAMinute() {
    node.shards.finishAtOnce = true;
    String job = ApiNode.header(node.submit("{\"type\":\"limit\"}"), "Location");

    assertEquals(200, node.get(job + "?wait=60s").statusCode());
    assertEquals(400, node.get(job + "?wait=60001ms").statusCode());
  }

  private static String tags(int count) {
    return IntStream.range(0, count)
        .mapToObj(i -> "\"t" + i + "\":\"\"")
        .collect(Collectors.joining(",", "\"tags\":{", "}"));
  }

  private static int submit(String fields) {
    return node.submit("{\"type\":\"limit\"," + fields + "}").statusCode();
  }

  private static int submitChunked(String fields) {
    byte[] body = ("{\"type\":\"limit\"," + fields + "}").getBytes(StandardCharsets.UTF_8);
    return node.send(node.postingChunked("/v1/jobs", "application/json", body)).statusCode();
  }

  private static String bulk(int length, String end) {
    String line = "{\"type\":\"limit\"" + " ".repeat(length - 16) + "}";
    HttpResponse<byte[]> response =
        node.send(
            node.posting(
                "/v1/jobs/bulk",
                "application/x-ndjson",
                (line + end).getBytes(StandardCharsets.UTF_8)));
    var answer = ApiNode.json(response);
    return answer.has("id") ? "id" : answer.get("type").asText();
  }
}
