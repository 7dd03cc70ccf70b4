package dev.kanal.scheduler.api.operate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.control.ControlMessage;
import dev.kanal.common.job.JobState;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.worker.KnownWorkers;
import dev.kanal.common.worker.WorkerReport;
import dev.kanal.common.worker.WorkerReport.QueueUse;
import dev.kanal.common.worker.WorkerReport.Rates;
import dev.kanal.common.worker.WorkerReport.Running;
import dev.kanal.common.worker.WorkerReport.Slots;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.InMemoryShards;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.QueueCount;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** {@code /v1/workers} and {@code /v1/scaling}. */
final class WorkersTest {
  private final ApiNode node = new ApiNode();

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void liveWorkersAreListed_andFoundByIdOrName() {
    node.workers.take(worker("b", 2, 0), Duration.ZERO);
    node.workers.take(worker("b", 3, 60), Duration.ZERO);
    node.workers.take(worker("a", 1, 0), Duration.ZERO);
    node.workers.take(worker("gone", 9, 0), WorkerReport.GONE_AFTER);

    JsonNode list = ApiNode.json(node.get("/v1/workers"));

    assertEquals(List.of("a~1", "b~2", "b~3"), list.get("items").findValuesAsText("id"));
    assertTrue(list.get("nextCursor").isNull());
    JsonNode use = list.at("/items/0/slots/queues/mail");
    assertEquals(ApiNode.parse(USE), use);
    assertEquals("b~3", ApiNode.json(node.get("/v1/workers/b")).get("id").asText());
    assertEquals("b~2", ApiNode.json(node.get("/v1/workers/b~2")).get("id").asText());
    assertEquals("b~2", ApiNode.json(node.get("/v1/workers/b%232")).get("id").asText());
    assertProblem(404, "not-found", node.get("/v1/workers/gone"));
  }

  @Test
  void aWorkerIsAskedToDrain() {
    node.workers.take(worker("a", 1, 0), Duration.ZERO);

    HttpResponse<byte[]> answer = node.act("/v1/workers/a/drain");

    assertEquals(202, answer.statusCode());
    assertEquals("a~1", ApiNode.json(answer).get("id").asText());
    assertEquals(List.of(new ControlMessage.Drain(new WorkerRef("a", 1))), node.controls);
    assertProblem(404, "not-found", node.act("/v1/workers/b/drain"));
    assertEquals(1, node.controls.size());
  }

  /** The id goes into the path as it came, as a shell's client does it. */
  @Test
  void aWorkerIsAskedToDrain_byTheIdThatTheApiGives() {
    node.workers.take(worker("mailer-1.example_a", -2, 0), Duration.ZERO);
    String id = ApiNode.json(node.get("/v1/workers")).at("/items/0/id").asText();

    assertEquals(202, node.act("/v1/workers/" + id + "/drain").statusCode());
    assertEquals(
        List.of(new ControlMessage.Drain(new WorkerRef("mailer-1.example_a", -2))), node.controls);
  }

  @Test
  void nothingIsSaid_beforeAllHasBeenRead() {
    KnownWorkers early = new KnownWorkers(Clocks.system().ticker());
    assertFalse(early.isComplete());
    try (ApiNode starting = new ApiNode(early)) {
      for (String path : List.of("/v1/workers", "/v1/workers/a", "/v1/scaling/default")) {
        assertProblem(503, "shard-unavailable", starting.get(path));
      }
      assertProblem(503, "shard-unavailable", starting.act("/v1/workers/a/drain"));
    }
  }

  @Test
  void scalingTellsWhatAQueueNeeds() {
    node.put(
        "/v1/queues/mail",
        "{\"scaling\":{\"minWorkers\":1,\"maxWorkers\":9,\"targetSeconds\":30}}");
    count(Map.of(JobState.QUEUED, 3_000L, JobState.RUNNING, 2L, JobState.SCHEDULED, 50L));
    node.workers.take(worker("a", 1, 0), Duration.ZERO);

    JsonNode scaling = ApiNode.json(node.get("/v1/scaling/mail"));

    assertEquals("mail", scaling.get("queue").asText());
    assertEquals(3_000, scaling.get("lag").asInt());
    assertEquals(2, scaling.get("inFlight").asInt());
    assertEquals(4.0, scaling.get("oldestAgeSeconds").asDouble());
    assertEquals(2, scaling.get("busySlots").asInt());
    assertEquals(10, scaling.get("totalSlots").asInt());
    // 3,002 jobs at 2 a second and slot within 30 s are 51 slots.
    assertEquals(6, scaling.get("desiredWorkers").asInt());

    node.act("/v1/queues/mail/pause");
    assertEquals(1, ApiNode.json(node.get("/v1/scaling/mail")).get("desiredWorkers").asInt());
  }

  @Test
  void scalingIsUnknown_whenAShardDoesNotAnswer() {
    node.put("/v1/queues/mail", "{}");
    node.shards.counts =
        CompletableFuture.failedFuture(new IllegalStateException("shard 3 is moving"));
    assertEquals(503, node.get("/v1/scaling/mail").statusCode());
  }

  @Test
  void scalingOfAQueueThatIsNot_isZero_unlessItsFirstJobDoesNotMakeIt() {
    assertEquals(
        "{\"queue\":\"default\",\"lag\":0,\"oldestAgeSeconds\":0.0,\"inFlight\":0,"
            + "\"busySlots\":0,\"totalSlots\":0,\"desiredWorkers\":0}",
        ApiNode.json(node.get("/v1/scaling/default")).toString());
    node.queues.makesQueues = false;
    assertProblem(404, "not-found", node.get("/v1/scaling/nowhere"));
    assertProblem(404, "not-found", node.get("/v1/scaling/No-Name"));
  }

  private void count(Map<JobState, Long> states) {
    long oldest = InMemoryShards.LOG_TIME.toEpochMilli() - 4_000;
    node.shards.counts =
        CompletableFuture.completedFuture(
            List.of(
                new QueueCount(
                    3, "mail", states, oldest, Map.of(), JobReader.Flow.NONE, Map.of(), Map.of())));
  }

  private static void assertProblem(int status, String type, HttpResponse<byte[]> answer) {
    JsonNode problem = ApiNode.json(answer);
    assertEquals(status, answer.statusCode(), problem::toString);
    assertEquals("urn:kanal:problem:" + type, problem.get("type").asText());
  }

  private static final String USE =
      "{\"busy\":2,\"size\":4,\"lag\":17,\"finished\":120,\"ranSeconds\":60.0}";

  private static WorkerReport worker(String name, int incarnation, int startedSecond) {
    QueueUse use = new QueueUse(2, 4, 17, 120, 60.0);
    return new WorkerReport(
        new WorkerRef(name, incarnation),
        "host",
        "1",
        Instant.EPOCH.plusSeconds(startedSecond),
        Instant.EPOCH.plusSeconds(120),
        List.of(),
        List.of("echo"),
        new Slots(10, 4, 2, Map.of("mail", use)),
        new Running(2, List.of()),
        new Rates(2, 2),
        false,
        true);
  }
}
