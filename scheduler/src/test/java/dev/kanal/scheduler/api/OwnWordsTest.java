package dev.kanal.scheduler.api;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.SendFailedException;
import java.net.http.HttpResponse;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.TimeoutException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Errors say what is wrong in our own words, whichever library has noticed it. */
final class OwnWordsTest {
  private static final Pattern INSIDES =
      Pattern.compile(
          "(?i)jackson|ReadFeature|ALLOW_|StreamRead|REDACTED|VALUE_[A-Z]|CTRL-CHAR|start marker"
              + "|parser|Exception|vert\\.?x|netty|org\\.apache|dev\\.kanal|\\bjava[./]|metadata"
              + "|JSON String|\\bcode \\d");

  /** Lines that are no JSON, with the place at which that is noticed. */
  private static final List<String> BROKEN =
      List.of(
          "{\"type\":\"a\" | 12: the text ends too early",
          "{\"type\":\"a | 11: the text ends too early",
          "{\"type\" | 8: the text ends too early",
          "{'type':'a'} | 2: expected a name in double quotes, but there is '''",
          "{\"type\":\"a\",} | 13: expected a name in double quotes, but there is '}'",
          "{type:1} | 2: expected a name in double quotes, but there is 't'",
          "{\"type\":} | 9: expected a value, but there is '}'",
          "{\"a\":[1,]} | 9: expected a value, but there is ']'",
          "{\"a\":+1} | 7: expected a value, but there is '+'",
          "{\"a\":.5} | 6: expected a value, but there is '.'",
          "<xml/> | 1: expected a value, but there is '<'",
          "{\"a\":1e} | 8: expected a digit of a number, but there is '}'",
          "{\"a\":5.} | 8: expected a digit of a number, but there is '}'",
          "{\"a\":-} | 7: expected a digit of a number, but there is '}'",
          "{\"a\":01} | 7: a number is malformed",
          "{\"a\":0x10} | 7: expected a comma or }, but there is 'x'",
          "{\"a\":1 \"b\":2} | 8: expected a comma or }, but there is '\"'",
          "{\"a\":[1 2]} | 9: expected a comma or ], but there is '2'",
          "{\"a\" 1} | 6: expected a colon after the name, but there is '1'",
          "{\"a\":1] | 7: ] closes what it did not open",
          "{\"a\":NaN} | 9: \"NaN\" is no value",
          "{\"a\":-Infinity} | 15: \"-Infinity\" is no value",
          "{\"a\":tru} | 6: \"tru\" is no value",
          "{\"a\":\"\\x41\"} | 8: \\x is no escape",
          "{\"a\":\"\\u12G4\"} | 11: expected four hexadecimal digits after \\u, but there is 'G'",
          "{\"a\":\"x\ty\"} | 8: a control character stands in a string, which must be escaped",
          "\u0001{} | 2: a control character stands between values",
          "{\"a\":1/* no */} | 7: expected a value or the end, but there is '/'",
          "{\"a\":1,\"a\":2} | 11: the name \"a\" stands twice in one object");

  @Test
  void whatIsNoJsonIsRefusedWithItsPlace() {
    try (ApiNode node = new ApiNode()) {
      for (String row : BROKEN) {
        String[] cells = row.split(" \\| ");
        String expected = "Expected JSON, but at line 1, column " + cells[1];
        for (HttpResponse<byte[]> answer :
            List.of(
                node.submit(cells[0]),
                node.put("/v1/queues/a", cells[0]),
                node.put("/v1/schedules/a", cells[0]),
                node.send(node.posting("/v1/bulk-actions", "application/json", bytes(cells[0]))))) {
          assertEquals(400, answer.statusCode(), row);
          String detail = ApiNode.json(answer).get("detail").asText();
          assertEquals(expected, detail, row);
        }
        assertTrue(bulk(node, cells[0]).contains("column " + cells[1].split(":")[0]), row);
      }
    }
  }

  @Test
  void theLineIsKept_too() {
    try (ApiNode node = new ApiNode()) {
      String detail = ApiNode.json(node.submit("{\n \"type\":\n  truE}")).get("detail").asText();

      assertEquals("Expected JSON, but at line 3, column 3: \"truE\" is no value", detail);
    }
  }

  @Test
  void nobodyHearsOfLibraries() throws Exception {
    List<String> wrong = new ArrayList<>();
    try (ApiNode node = new ApiNode()) {
      for (BadRequests.Case each : BadRequests.all()) {
        try (RawHttp http = new RawHttp(node.uri("/"))) {
          http.send(each.wire().getBytes(ISO_8859_1));
          check(each.name(), http.read().body(), wrong);
        }
      }
      check("bulk", bulk(node, BadRequests.bulkBody()), wrong);
      for (String row : BROKEN) {
        check(row, bulk(node, row.split(" \\| ")[0]), wrong);
      }
    }
    assertEquals(List.of(), wrong);
  }

  @ParameterizedTest
  @CsvSource({"0, Kafka does not answer in time", "1, max.message.bytes", "2, Kafka refuses it"})
  void whatKafkaSaysIsReportedInOurWords(int which, String expected) {
    Exception cause =
        List.of(
                new TimeoutException("Topic kanal.log not present in metadata after 5000 ms."),
                new RecordTooLargeException("The message is 2000000 bytes when serialized"),
                new KafkaException("org.apache.kafka.common.KafkaException: no"))
            .get(which);
    try (ApiNode node = new ApiNode()) {
      node.shards.failFrom = 0;
      node.shards.failure =
          new SendFailedException(String.valueOf(cause.getMessage()), false, cause);

      HttpResponse<byte[]> answer = node.submit("{\"type\":\"a\"}");

      assertEquals(503, answer.statusCode());
      String detail = ApiNode.json(answer).get("detail").asText();
      assertTrue(detail.contains(expected), detail);
      assertTrue(!INSIDES.matcher(detail).find(), detail);
    }
  }

  private static String bulk(ApiNode node, String lines) {
    return new String(
        node.send(node.posting("/v1/jobs/bulk", "application/x-ndjson", bytes(lines))).body(),
        UTF_8);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  private static void check(String what, String answer, List<String> wrong) {
    if (INSIDES.matcher(answer).find()) {
      wrong.add(what + ": " + answer);
    }
  }
}
