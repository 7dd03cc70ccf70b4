package dev.kanal.scheduler.api.node;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.Await;
import dev.kanal.scheduler.api.InMemoryShards;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import dev.kanal.scheduler.engine.query.JobReader.QueueCount;
import java.io.IOException;
import java.net.ServerSocket;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Node one owns the even shards, node two the odd ones. */
final class TwoNodesTest {
  private final ApiNode one = new ApiNode();
  private final ApiNode two = new ApiNode();

  @BeforeEach
  void share() {
    one.shards.owners = shard -> shard % 2 == 0 ? new Owner.Local() : at(two.port);
    two.shards.owners = shard -> shard % 2 == 1 ? new Owner.Local() : at(one.port);
  }

  @AfterEach
  void stop() {
    one.close();
    two.close();
  }

  @Test
  void aJobOfTheOtherNodeIsReadHere() {
    String job = jobOf(two, 1);

    HttpResponse<byte[]> here = one.get(job);
    HttpResponse<byte[]> known =
        one.send(one.request(job).header("If-None-Match", ApiNode.header(here, "ETag")));

    assertEquals(200, here.statusCode());
    assertEquals(job, "/v1/jobs/" + ApiNode.json(here).get("id").asText());
    assertEquals(ApiNode.header(two.get(job), "ETag"), ApiNode.header(here, "ETag"));
    assertEquals(304, known.statusCode());
    assertEquals(404, one.get("/v1/jobs/" + JobId.of(1, 1, 1)).statusCode());
  }

  @Test
  void theOwnerWaits() throws Exception {
    String job = jobOf(two, 3);
    CompletableFuture<HttpResponse<byte[]>> answer =
        CompletableFuture.supplyAsync(() -> one.get(job + "?wait=30s"));
    Await.until("the owner waits", () -> two.shards.waiting() == 1);

    two.shards.finish(JobId.parse(job.substring("/v1/jobs/".length())), JsonBytes.of("7"));

    assertEquals("SUCCEEDED", ApiNode.json(answer.get()).get("state").asText());
  }

  @Test
  void aSubmitWaitsForTheEndAtTheOwner() {
    one.shards.finishAtOnce = true;
    one.shards.copyTo = two.shards;
    int finished = 0;
    for (int i = 0; i < 20; i++) {
      HttpResponse<byte[]> answer =
          one.send(
              one.posting(
                      "/v1/jobs",
                      "application/json",
                      "{\"type\":\"a\"}".getBytes(StandardCharsets.UTF_8))
                  .header("Prefer", "wait=10"));
      finished += answer.statusCode() == 200 ? 1 : 0;
    }

    assertEquals(20, finished);
  }

  @Test
  void whatIsPassedOnIsNotPassedOnAgain() {
    two.shards.owners = _ -> at(one.port);
    String job = jobOf(two, 5);

    HttpResponse<byte[]> answer = one.get(job);

    assertEquals(503, answer.statusCode());
    assertEquals("1", ApiNode.header(answer, "Retry-After"));
  }

  @Test
  void whoWaitsFollowsAShardThatComesHereFromTheOther() {
    String job = jobOf(one, 5);
    one.shards.finish(JobId.parse(job.substring("/v1/jobs/".length())), JsonBytes.of("7"));
    two.shards.owners =
        _ -> {
          one.shards.owners = _ -> new Owner.Local();
          return at(one.port);
        };

    HttpResponse<byte[]> answer = one.get(job + "?wait=20s");

    assertEquals(200, answer.statusCode());
    assertEquals("SUCCEEDED", ApiNode.json(answer).get("state").asText());
  }

  @Test
  void anOwnerThatDoesNotAnswerIsAway() throws IOException {
    int port;
    try (ServerSocket free = new ServerSocket(0)) {
      port = free.getLocalPort();
    }
    one.shards.owners = _ -> at(port);

    HttpResponse<byte[]> answer = one.get("/v1/jobs/" + JobId.of(1, 1, 1));

    assertEquals(503, answer.statusCode());
    assertEquals("urn:kanal:problem:shard-unavailable", ApiNode.json(answer).get("type").asText());
  }

  @Test
  void queuesAreSummedOverBothNodes() {
    one.shards.counts =
        CompletableFuture.completedFuture(List.of(count(0, "mail", 1), count(2, "mail", 2)));
    two.shards.counts =
        CompletableFuture.completedFuture(List.of(count(1, "mail", 4), count(3, "a", 8)));

    for (ApiNode node : List.of(one, two)) {
      JsonNode queues = ApiNode.json(node.get("/v1/queues"));

      assertEquals("a 8 2.5 80 800", counts(queues.at("/items/0")));
      assertEquals("mail 7 2.5 70 700", counts(queues.at("/items/1")));
      assertEquals(70, queues.at("/items/1/states/RUNNING").asInt());
      assertEquals(2, queues.get("items").size());
    }
  }

  @Test
  void countsOfAShardThatIsOwnedTwiceCountOnce() {
    two.shards.owners = _ -> new Owner.Local();
    one.shards.counts = CompletableFuture.completedFuture(List.of(count(0, "mail", 1)));
    two.shards.counts =
        CompletableFuture.completedFuture(List.of(count(0, "mail", 1), count(1, "mail", 2)));

    assertEquals(3, ApiNode.json(one.get("/v1/queues")).at("/items/0/lag").asInt());
  }

  @Test
  void queuesAreNotListedInPart() {
    one.shards.owners = shard -> shard == 9 ? new Owner.Unknown() : new Owner.Local();
    HttpResponse<byte[]> nobody = one.get("/v1/queues");
    share();
    two.shards.counts = CompletableFuture.failedFuture(new IllegalStateException("away"));
    HttpResponse<byte[]> silent = one.get("/v1/queues");
    two.close();
    HttpResponse<byte[]> gone = one.get("/v1/queues");

    for (HttpResponse<byte[]> each : List.of(nobody, silent, gone)) {
      assertEquals(503, each.statusCode());
      assertFalse(ApiNode.header(each, "Retry-After").isEmpty());
    }
  }

  private static String counts(JsonNode queue) {
    return Stream.of("name", "lag", "oldestAgeSeconds", "inFlight", "waiting")
        .map(field -> queue.get(field).asText())
        .collect(Collectors.joining(" "));
  }

  private static Owner at(int port) {
    return new Owner.Remote("127.0.0.1", port);
  }

  private static QueueCount count(int shard, String queue, long queued) {
    return new QueueCount(
        shard,
        queue,
        Map.of(
            JobState.QUEUED,
            queued,
            JobState.RUNNING,
            queued * 10,
            JobState.RETRYING,
            queued * 100),
        InMemoryShards.LOG_TIME.minusMillis(2_500).toEpochMilli(),
        Map.of(),
        JobReader.Flow.NONE,
        Map.of(),
        Map.of());
  }

  /** Puts a job of {@code shard} among those of {@code node}. */
  private static String jobOf(ApiNode node, int shard) {
    JobId id = JobId.of(shard, 1_000, shard);
    node.shards.put(id);
    return "/v1/jobs/" + id;
  }
}
