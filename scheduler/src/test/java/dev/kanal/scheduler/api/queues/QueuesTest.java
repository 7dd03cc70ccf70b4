package dev.kanal.scheduler.api.queues;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.job.JobState;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.Rate;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.ContractFile;
import dev.kanal.scheduler.api.InMemoryShards;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import dev.kanal.scheduler.engine.query.JobReader.QueueCount;
import dev.kanal.scheduler.engine.query.WaitCause;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class QueuesTest {
  private static final String EVERYTHING =
      "{\"partitions\":8,\"capacity\":1000,\"concurrency\":5,"
          + "\"rate\":{\"permits\":100,\"per\":\"1m\"},\"weight\":3,\"strict\":true,"
          + "\"paused\":true,\"defaults\":{\"retry\":{\"maxAttempts\":7},\"timeout\":\"20s\","
          + "\"retention\":{\"succeeded\":\"1h\"}}}";

  private final ApiNode node = new ApiNode();

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void aQueueIsAsItWasPut() {
    HttpResponse<byte[]> put = node.put("/v1/queues/mail", EVERYTHING);
    HttpResponse<byte[]> got = node.get("/v1/queues/mail");

    assertEquals(200, put.statusCode());
    JsonNode queue = ApiNode.json(got);
    assertEquals(ApiNode.header(put, "ETag"), ApiNode.header(got, "ETag"));
    assertEquals("\"" + queue.get("revision") + "\"", ApiNode.header(got, "ETag"));
    ApiNode.json(put)
        .properties()
        .forEach(field -> assertEquals(field.getValue(), queue.get(field.getKey())));
    assertEquals(8, queue.get("partitions").asInt());
    assertEquals("PT1M", queue.at("/rate/per").asText());
    assertEquals(7, queue.at("/defaults/retry/maxAttempts").asInt());
    assertEquals("PT10M", queue.at("/defaults/retry/backoff/max").asText());
    assertEquals("PT720H", queue.at("/defaults/retention/other").asText());
    assertEquals(0, queue.get("lag").asInt());
    assertEquals(8, node.queues.topics.get("mail"));
  }

  @Test
  void whatIsLeftOutIsTheDefault_butPartitionsAndPauseStay() {
    node.put("/v1/queues/mail", EVERYTHING);

    assertEquals(200, node.put("/v1/queues/mail", "{}").statusCode());

    assertEquals(QueueSettings.of(8, 10_000_000).withPaused(true), node.queues.settings("mail"));
    assertEquals(200, node.put("/v1/queues/new", "{}").statusCode());
    assertEquals(QueueSettings.of(4, 10_000_000), node.queues.settings("new"));
  }

  @Test
  void bothEndsOfEachRangeAreTaken() {
    String least =
        "{\"partitions\":1,\"capacity\":1,\"concurrency\":1,\"weight\":1,"
            + "\"rate\":{\"permits\":1,\"per\":\"100ms\"},\"defaults\":{\"timeout\":\"1ms\"}}";
    String most =
        "{\"partitions\":256,\"capacity\":1000000000,\"concurrency\":100000,\"weight\":100,"
            + "\"rate\":{\"permits\":1000000,\"per\":\"1d\"},\"defaults\":{\"timeout\":\"7d\"}}";
    for (String each : List.of(least, most)) {
      assertEquals(200, node.put("/v1/queues/" + "q".repeat(63), each).statusCode(), each);
    }
    QueueSettings settings = node.queues.settings("q".repeat(63));
    assertEquals(new Rate(Rate.PERMITS_MAX, Rate.PER_MAX), settings.rate());
    assertEquals(QueueSettings.CAPACITY_MAX, settings.capacity());
  }

  @Test
  void partitionsMayGrow_butNotShrink() {
    node.put("/v1/queues/mail", "{\"partitions\":4}");

    HttpResponse<byte[]> fewer = node.put("/v1/queues/mail", "{\"partitions\":3,\"weight\":9}");
    HttpResponse<byte[]> more = node.put("/v1/queues/mail", "{\"partitions\":6}");

    assertEquals(422, fewer.statusCode());
    assertEquals("/partitions", ApiNode.json(fewer).at("/errors/0/pointer").asText());
    assertEquals(200, more.statusCode());
    assertEquals(QueueSettings.of(6, 10_000_000), node.queues.settings("mail"));
    assertEquals(6, node.queues.topics.get("mail"));
  }

  @Test
  void aQueueIsPausedAndResumed_andKeepsItsOtherSettings() {
    node.put("/v1/queues/mail", "{\"weight\":9}");

    HttpResponse<byte[]> paused = node.act("/v1/queues/mail/pause");
    HttpResponse<byte[]> again = node.act("/v1/queues/mail/pause");
    QueueSettings whilePaused = node.queues.settings("mail");
    HttpResponse<byte[]> resumed = node.act("/v1/queues/mail/resume");

    assertTrue(ApiNode.json(paused).get("paused").asBoolean());
    assertEquals(ApiNode.json(paused), ApiNode.json(again));
    assertTrue(whilePaused.paused());
    assertEquals(9, whilePaused.weight());
    assertFalse(ApiNode.json(resumed).get("paused").asBoolean());
    assertEquals(9, ApiNode.json(resumed).get("weight").asInt());
  }

  @Test
  void aQueueThatWasMadeOnFirstUse_canBePausedAndDeleted() {
    node.queues.topics.put("used", 7);

    assertEquals(0, ApiNode.json(node.get("/v1/queues/used")).get("revision").asInt());
    assertEquals(7, ApiNode.json(node.act("/v1/queues/used/pause")).get("partitions").asInt());
    assertEquals(204, node.delete("/v1/queues/used").statusCode());
    node.queues.topics.put("other", 2);
    assertEquals(204, node.delete("/v1/queues/other").statusCode());
    assertFalse(node.queues.topics.containsKey("other"));
  }

  @Test
  void aQueueIsDeleted_onceItsJobsHaveEnded() {
    node.put("/v1/queues/mail", "{\"weight\":9}");
    node.shards.counts =
        CompletableFuture.completedFuture(
            List.of(
                new QueueCount(
                    3,
                    "mail",
                    Map.of(JobState.RETRYING, 1L),
                    0,
                    Map.of(),
                    JobReader.Flow.NONE,
                    Map.of(),
                    Map.of())));

    HttpResponse<byte[]> waiting = node.delete("/v1/queues/mail");
    boolean kept = node.queues.topics.containsKey("mail");
    node.shards.counts = CompletableFuture.completedFuture(List.of());
    HttpResponse<byte[]> done = node.delete("/v1/queues/mail");

    assertEquals(409, waiting.statusCode());
    assertTrue(kept);
    assertEquals(204, done.statusCode());
    assertEquals(404, node.get("/v1/queues/mail").statusCode());
    assertEquals(404, node.delete("/v1/queues/mail").statusCode());
    assertFalse(node.queues.topics.containsKey("mail"));
    assertNull(node.queues.known.settings("mail"));
    assertEquals(200, node.put("/v1/queues/mail", "{}").statusCode());
    assertEquals(1, ApiNode.json(node.get("/v1/queues/mail")).get("weight").asInt());
  }

  @Test
  void everyQueueIsListed_withItsSettings() {
    node.put("/v1/queues/set", "{\"concurrency\":3}");
    node.queues.topics.put("used", 4);
    node.shards.counts =
        CompletableFuture.completedFuture(
            List.of(
                new QueueCount(
                    1,
                    "busy",
                    Map.of(JobState.QUEUED, 5L),
                    0,
                    Map.of(),
                    JobReader.Flow.NONE,
                    Map.of(),
                    Map.of()),
                new QueueCount(
                    1, "gone", Map.of(), 0, Map.of(), JobReader.Flow.NONE, Map.of(), Map.of())));

    JsonNode items = ApiNode.json(node.get("/v1/queues")).get("items");

    assertEquals(List.of("busy", "set", "used"), items.findValuesAsText("name"));
    assertEquals(3, items.get(1).get("concurrency").asInt());
    assertEquals(5, items.get(0).get("lag").asInt());
    assertEquals(4, items.get(2).get("partitions").asInt());
  }

  @Test
  void whatIsBlockedIsCountedByCause_andItIsSaidThatNobodyTakesTheQueue() throws Exception {
    long since = InMemoryShards.LOG_TIME.minusSeconds(60).toEpochMilli();
    node.shards.counts =
        CompletableFuture.completedFuture(
            List.of(
                new QueueCount(
                    1,
                    "busy",
                    Map.of(JobState.BLOCKED, 302L, JobState.QUEUED, 1L),
                    0,
                    Map.of(),
                    JobReader.Flow.NONE,
                    Map.of(
                        WaitCause.KEY,
                        new JobReader.Blocked(2, since),
                        WaitCause.TYPE,
                        new JobReader.Blocked(300, since + 1)),
                    Map.of(
                        "sum",
                        new JobReader.Unhandled(100, true),
                        "echo",
                        new JobReader.Unhandled(200, false)))));

    JsonNode queue = ApiNode.json(node.get("/v1/queues/busy"));

    assertEquals(List.of(), new ContractFile().violations("Queue", queue));
    assertEquals(
        "{\"total\":302,\"byCause\":{\"key\":2,\"type\":300},\"oldestAgeSeconds\":60.0}",
        queue.get("blocked").toString());
    assertTrue(queue.get("noWorker").asBoolean());
    assertEquals(
        "[{\"type\":\"echo\",\"jobs\":200},{\"type\":\"sum\",\"jobs\":100,\"atLeast\":true}]",
        queue.get("unhandledTypes").toString());
    assertEquals(0, queue.get("workers").asInt());
    assertEquals(queue.get("blocked"), ApiNode.json(node.get("/v1/queues")).at("/items/0/blocked"));
  }

  @Test
  void kafkaAwayIsReported() {
    node.shards.failFrom = 0;
    node.shards.failure = new SendFailedException("Expected brokers, but there are none");
    HttpResponse<byte[]> away = node.put("/v1/queues/mail", "{}");
    node.shards.failure = new SendFailedException("late", true, new IllegalStateException("late"));
    HttpResponse<byte[]> late = node.put("/v1/queues/mail", "{}");

    assertEquals("urn:kanal:problem:kafka-unavailable", ApiNode.json(away).get("type").asText());
    assertEquals("urn:kanal:problem:shard-ambiguous", ApiNode.json(late).get("type").asText());
    assertEquals(503, late.statusCode());
  }

  @Test
  void changesOfAQueueAreMadeOneAfterTheOther() {
    List<CompletableFuture<HttpResponse<byte[]>>> answers =
        IntStream.rangeClosed(1, 20)
            .mapToObj(
                weight ->
                    CompletableFuture.supplyAsync(
                        () ->
                            weight % 2 == 0
                                ? node.act("/v1/queues/default/pause")
                                : node.put("/v1/queues/default", "{\"weight\":" + weight + "}")))
            .toList();

    for (CompletableFuture<HttpResponse<byte[]>> answer : answers) {
      int status = answer.join().statusCode();
      assertTrue(status == 200 || status == 404, "status " + status);
    }
    assertTrue(node.queues.settings("default").weight() % 2 == 1, "the last put counts");
  }

  @Test
  void theOwnerOfTheHomeShardChangesAQueue_andTheNodeThatWasAskedKnows() {
    try (ApiNode other = new ApiNode()) {
      node.shards.owners = _ -> new Owner.Remote("127.0.0.1", other.port);
      other.shards.informed.add(node.queues.known);

      HttpResponse<byte[]> put = node.put("/v1/queues/mail", EVERYTHING);

      assertEquals(200, put.statusCode());
      assertEquals(0, node.shards.sent.get());
      assertEquals(1, other.shards.sent.get());
      assertEquals(Duration.ofMinutes(1), rate(node).per());
      assertEquals(rate(node), rate(other));
      assertEquals(204, node.delete("/v1/queues/mail").statusCode());
      assertNull(node.queues.known.settings("mail"));
    }
  }

  private static Rate rate(ApiNode of) {
    Rate rate = of.queues.settings("mail").rate();
    return rate == null ? new Rate(1, Rate.PER_MAX) : rate;
  }
}
