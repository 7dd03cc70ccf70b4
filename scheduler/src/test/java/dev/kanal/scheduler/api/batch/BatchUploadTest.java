package dev.kanal.scheduler.api.batch;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.channel.SendFailedException;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.Await;
import dev.kanal.scheduler.api.BadRequests;
import dev.kanal.scheduler.api.RawHttp;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class BatchUploadTest {
  private static final String NDJSON = "application/x-ndjson";

  private final ApiNode node = new ApiNode();

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void everyLineIsAnsweredInOrder() throws IOException {
    List<JsonNode> answers = bulk(lines(5_000));

    assertEquals(5_000, answers.size());
    for (int i = 0; i < answers.size(); i++) {
      assertEquals(i + 1, answers.get(i).get("line").asInt());
      String id = answers.get(i).get("id").asText();
      assertEquals("{\"n\":" + (i + 1) + "}", node.shards.job(id).spec().payload().toString());
    }
    assertEquals(5_000, node.shards.jobs.size());
  }

  @Test
  void aBadLineSpoilsOnlyItself() throws IOException {
    byte[] body = BadRequests.bulkBody().getBytes(StandardCharsets.ISO_8859_1);

    List<JsonNode> answers = bulk(body);

    assertEquals(
        BadRequests.bulkAnswers(), answers.stream().map(BatchUploadTest::summary).toList());
    assertEquals(2, node.shards.byType("bulk.good").size());
    assertEquals(2, node.shards.jobs.size());
  }

  @Test
  void remainingLinesAreProblems_whenKafkaGoesAway() throws IOException {
    node.shards.failFrom = 100;
    node.shards.failure = new SendFailedException("Expected brokers, but there are none");

    List<JsonNode> answers = bulk(lines(10_000));

    assertEquals(10_000, answers.size());
    assertEquals(
        100, answers.stream().filter(answer -> answer.has("id")).count(), "accepted before");
    JsonNode last = answers.getLast();
    assertEquals(503, last.get("status").asInt());
    assertEquals("urn:kanal:problem:kafka-unavailable", last.get("type").asText());
    assertTrue(
        node.shards.sent.get() <= 100 + BatchBudget.LINES_MAX, "sends after the first failure");
  }

  @Test
  void readingStops_whileTooMuchIsUnderWay() throws Exception {
    node.shards.acknowledge = new CompletableFuture<>();
    CompletableFuture<List<JsonNode>> answers =
        CompletableFuture.supplyAsync(() -> bulk(lines(20_000)));
    Await.until("lines are under way", () -> node.shards.sending.get() == BatchBudget.LINES_MAX);

    node.shards.acknowledge.complete(null);

    assertEquals(20_000, answers.get().size());
    assertTrue(node.shards.mostSending.get() <= BatchBudget.LINES_MAX, "lines under way");
  }

  @Test
  void aClientMayReadOnlyAtTheEnd() throws IOException {
    int count = 200_000;
    try (RawHttp http = new RawHttp(node.uri("/"))) {
      http.sendHead(
          "POST /v1/jobs/bulk", "Content-Type: application/x-ndjson", "Transfer-Encoding: chunked");
      byte[] thousand =
          "{\"type\":\"a\",\"payload\":[1,2,3]}\n".repeat(1_000).getBytes(StandardCharsets.UTF_8);
      for (int i = 0; i < count / 1_000; i++) {
        http.sendChunk(thousand);
      }
      http.send("0\r\n\r\n");
      Await.until("all lines are taken", () -> node.shards.sent.get() == count);

      RawHttp.Reply reply = http.read();

      assertEquals(200, reply.status());
      String[] answers = reply.body().split("\n");
      assertEquals(count, answers.length);
      for (int i = 0; i < count; i++) {
        assertTrue(answers[i].startsWith("{\"line\":" + (i + 1) + ",\"id\":\""), answers[i]);
      }
    }
  }

  private List<JsonNode> bulk(byte[] body) {
    HttpResponse<byte[]> response = node.send(node.posting("/v1/jobs/bulk", NDJSON, body));
    assertEquals(200, response.statusCode());
    assertEquals(NDJSON, ApiNode.header(response, "Content-Type"));
    return new String(response.body(), StandardCharsets.UTF_8)
        .lines()
        .map(ApiNode::parse)
        .collect(Collectors.toCollection(ArrayList::new));
  }

  private static byte[] lines(int count) {
    return IntStream.rangeClosed(1, count)
        .mapToObj(i -> "{\"type\":\"a\",\"payload\":{\"n\":" + i + "}}\n")
        .collect(Collectors.joining())
        .getBytes(StandardCharsets.UTF_8);
  }

  private static String summary(JsonNode answer) {
    String what =
        answer.has("id") ? "id" : answer.get("type").asText().replace("urn:kanal:problem:", "");
    String pointer = answer.at("/errors/0/pointer").asText();
    return answer.get("line").asInt() + " " + what + " " + pointer;
  }
}
