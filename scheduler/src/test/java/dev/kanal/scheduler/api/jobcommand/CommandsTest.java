package dev.kanal.scheduler.api.jobcommand;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.queue.QueueDefaults;
import dev.kanal.common.queue.QueueRecord;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.Scaling;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.Await;
import dev.kanal.scheduler.api.ContractFile;
import dev.kanal.scheduler.api.InMemoryEngine;
import dev.kanal.scheduler.engine.query.JobReader.Answer;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import dev.kanal.scheduler.engine.query.UnavailableException;
import java.io.IOException;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** Commands about one job, asked of either of two nodes; node one owns the job's shard. */
final class CommandsTest {
  private static final JobId JOB = JobId.of(4, 1_000, 7);
  private static final String PATH = "/v1/jobs/" + JOB;

  private final ApiNode one = new ApiNode();
  private final ApiNode two = new ApiNode();

  @AfterEach
  void stop() {
    one.close();
    two.close();
  }

  @Test
  void aCancelledJobStaysSo() throws IOException {
    have(JobState.RUNNING);
    one.shards.engine.running.add(JOB);

    for (ApiNode node : nodes()) {
      HttpResponse<byte[]> answer = post(node, "/cancel", "");

      assertEquals(200, answer.statusCode());
      JsonNode job = ApiNode.json(answer);
      assertEquals("CANCELLED", job.get("state").asText());
      assertTrue(job.get("stillRunning").asBoolean());
      assertEquals(List.of(), new ContractFile().violations("Job", job));
      assertEquals(ApiNode.header(one.get(PATH), "ETag"), ApiNode.header(answer, "ETag"), "ETag");
    }
  }

  @Test
  void aCommandThatTheStateRulesOutIsAConflict() {
    for (ApiNode node : nodes()) {
      have(JobState.SUCCEEDED);
      refused("409 conflict", "SUCCEEDED", post(node, "/cancel", ""));
      refused("409 conflict", "SUCCEEDED", post(node, "/retry", ""));
      have(JobState.QUEUED);
      refused("409 conflict", "QUEUED", post(node, "/run-now", ""));
      refused("409 conflict", "cancel it first", delete(node));
    }
  }

  @Test
  void aDeadJobIsRunAgain_anExpiredOneWithANewDeadline() {
    Instant later = InMemoryEngine.NOW.plusSeconds(60);
    for (ApiNode node : nodes()) {
      have(JobState.DEAD);
      assertEquals("QUEUED", state(post(node, "/retry", "")));
      have(JobState.EXPIRED, spec().withDeadline(InMemoryEngine.NOW));
      HttpResponse<byte[]> without = post(node, "/retry", "{}");
      HttpResponse<byte[]> with = post(node, "/retry", "{\"deadline\":\"" + later + "\"}");

      refused("422 invalid-request", "2030-01-01T00:00:00.000Z has passed", without);
      assertEquals("/deadline", ApiNode.json(without).at("/errors/0/pointer").asText());
      assertEquals("QUEUED", state(with));
      assertEquals("2030-01-01T00:01:00.000Z", ApiNode.json(with).get("deadline").asText());
    }
  }

  @Test
  void aDeadJobIsRunAgain_withAnotherPayloadAndInAnotherQueue() throws IOException {
    for (ApiNode node : nodes()) {
      have(JobState.DEAD);
      HttpResponse<byte[]> changed =
          post(node, "/retry", "{\"payload\": {\"n\": 1.10 },\"queue\":\"slow\"}");

      assertEquals(200, changed.statusCode());
      JsonNode job = ApiNode.json(changed);
      assertEquals("QUEUED slow", job.get("state").asText() + " " + job.get("queue").asText());
      assertEquals(List.of(), new ContractFile().violations("Job", job));
      String body = new String(changed.body(), StandardCharsets.UTF_8);
      assertTrue(body.contains("\"payload\":{\"n\": 1.10 }"), body);

      have(JobState.DEAD);
      assertEquals(
          "null",
          ApiNode.json(post(node, "/retry", "{\"payload\":null}")).get("payload").toString());
    }
  }

  @Test
  void aRetryIsCheckedAsASubmitIs() {
    String most = "\"" + "x".repeat(ApiNode.limits().payload() - 2) + "\"";
    for (ApiNode node : nodes()) {
      have(JobState.DEAD);
      refused("422 invalid-request", "Queue", post(node, "/retry", "{\"queue\":\"Queue\"}"));
      refused("422 invalid-request", "later", post(node, "/retry", "{\"later\":true}"));
      refused(
          "413 payload-too-large",
          "262144",
          post(node, "/retry", "{\"payload\":" + most.replace("\"x", "\"xx") + "}"));
      assertEquals(200, post(node, "/retry", "{\"payload\":" + most + "}").statusCode());
    }
  }

  @Test
  void aJobStaysWithTheQueueThatKeepsItsKey_andGoesToNoLimitedOne() {
    QueueSettings limited =
        new QueueSettings(4, 100, 1, null, 1, false, false, QueueDefaults.NONE, Scaling.DEFAULT);
    for (ApiNode node : nodes()) {
      have(JobState.DEAD, spec().withKey(new JobKey("k", 1)));
      refused("409 conflict", "its key \"k\"", post(node, "/retry", "{\"queue\":\"slow\"}"));
      assertEquals(200, post(node, "/retry", "{\"queue\":\"default\"}").statusCode());
    }
    have(JobState.DEAD);
    nodes().forEach(node -> node.queues.known.take(new QueueRecord("tight", limited, 7)));
    for (ApiNode node : nodes()) {
      refused("409 conflict", "tight", post(node, "/retry", "{\"queue\":\"tight\"}"));
    }
  }

  @Test
  void aRetryNeedsItsQueue_asASubmitDoes() {
    JobSpec spec = spec().withQueue("unknown-now");
    for (ApiNode node : nodes()) {
      have(JobState.DEAD, spec);
      refused("422 unknown-queue", "unknown-now", post(node, "/retry", ""));
      refused("422 unknown-queue", "unknown", post(node, "/retry", "{\"queue\":\"unknown\"}"));
      assertEquals(200, post(node, "/retry", "{\"queue\":\"default\"}").statusCode());
      have(JobState.SUCCEEDED, spec);
      refused("409 conflict", "SUCCEEDED", post(node, "/retry", ""));
    }
  }

  @Test
  void aWaitingJobGetsAnotherTime() {
    Instant later = InMemoryEngine.NOW.plusSeconds(60);
    for (ApiNode node : nodes()) {
      have(JobState.SCHEDULED, spec(), later);
      assertEquals("SCHEDULED", state(post(node, "/reschedule", "{\"runAt\":\"" + later + "\"}")));
      assertEquals("SCHEDULED", state(post(node, "/reschedule", "{\"delay\":\"1h\"}")));
      assertEquals("QUEUED", state(post(node, "/reschedule", "{\"delay\":\"PT0S\"}")));
      refused("409 conflict", "QUEUED", post(node, "/reschedule", "{\"delay\":\"1h\"}"));
      have(JobState.SCHEDULED, spec().withDeadline(later), later);
      HttpResponse<byte[]> late = post(node, "/reschedule", "{\"delay\":\"PT60S\"}");
      refused("422 invalid-request", "deadline", late);
      assertEquals("/delay", ApiNode.json(late).at("/errors/0/pointer").asText());
      assertEquals("SCHEDULED", state(post(node, "/reschedule", "{\"delay\":\"PT59S\"}")));
    }
  }

  @Test
  void anotherTimeIsCheckedAsThatOfASubmit() {
    for (ApiNode node : nodes()) {
      have(JobState.SCHEDULED, spec(), InMemoryEngine.NOW.plusSeconds(60));
      for (String body :
          List.of(
              "{}",
              "{\"runAt\":\"2030-01-01T00:00:00Z\",\"delay\":\"1s\"}",
              "{\"runAt\":\"tomorrow\"}",
              "{\"runAt\":null}",
              "{\"runAt\":\"2131-01-01T00:00:00Z\"}",
              "{\"delay\":\"-1s\"}",
              "{\"delay\":\"36501d\"}",
              "{\"at\":1}")) {
        refused("422 invalid-request", "Expected", post(node, "/reschedule", body));
      }
      assertEquals(400, post(node, "/reschedule", "").statusCode());
    }
  }

  @Test
  void aWaitingJobStartsNow() {
    Instant later = InMemoryEngine.NOW.plusSeconds(60);
    for (ApiNode node : nodes()) {
      have(JobState.SCHEDULED, spec(), later);
      assertEquals("QUEUED", state(post(node, "/run-now", "")));
      have(JobState.BLOCKED, spec(), later);
      assertEquals("BLOCKED", state(post(node, "/run-now", "")));
    }
  }

  @Test
  void aDeletedJobIsGone_unlessItsHandlerStillRuns() {
    for (ApiNode node : nodes()) {
      have(JobState.DEAD);
      one.shards.engine.running.add(JOB);
      refused("409 conflict", "a handler of it may still run", delete(node));
      one.shards.engine.running.clear();
      HttpResponse<byte[]> deleted = delete(node);

      assertEquals(204, deleted.statusCode());
      assertEquals(0, deleted.body().length);
      assertEquals(404, delete(node).statusCode());
      assertEquals(404, node.get(PATH).statusCode());
    }
  }

  @Test
  void nothingIsAppendedAboutAJobThatIsNotThere() {
    for (ApiNode node : nodes()) {
      for (String command : List.of("/cancel", "/retry", "/run-now")) {
        assertEquals(404, post(node, command, "").statusCode(), command);
      }
    }

    assertEquals(0, one.shards.sent.get());
    assertEquals(0, two.shards.sent.get());
  }

  /** Hazard 12. The answer waits for the command's own offset, not for any clock. */
  @Test
  void aVerdictWaitsUntilTheShardHasReachedTheCommand() throws Exception {
    have(JobState.QUEUED);
    CompletableFuture<Void> reach = new CompletableFuture<>();
    one.shards.reach = reach;

    CompletableFuture<HttpResponse<byte[]>> answer =
        CompletableFuture.supplyAsync(() -> post(one, "/cancel", ""));
    Await.until("the command is appended", () -> one.shards.sent.get() == 1);
    assertFalse(answer.isDone(), "answered before the shard came that far");
    reach.complete(null);

    assertEquals("CANCELLED", state(answer.get()));
  }

  @Test
  void aCommandThatTheShardHasNotReachedInTimeMayBeDone() {
    have(JobState.QUEUED);
    one.shards.reach =
        CompletableFuture.failedFuture(new UnavailableException("shard 4 is not here"));

    for (ApiNode node : nodes()) {
      HttpResponse<byte[]> answer = post(node, "/cancel", "");

      refused("503 shard-ambiguous", "It was taken and will be done", answer);
      assertEquals("1", ApiNode.header(answer, "Retry-After"));
    }
  }

  @Test
  void aCommandThatKafkaDidNotTakeDiffersFromOneThatItMayHaveTaken() {
    have(JobState.QUEUED);
    one.shards.failFrom = 0;
    one.shards.failure = new SendFailedException("Expected brokers, but there are none");
    refused("503 kafka-unavailable", "Nothing was done", post(two, "/cancel", ""));
    one.shards.failure =
        new SendFailedException("late", true, new IllegalStateException("timed out"));
    refused("503 shard-ambiguous", "may have been done", post(two, "/cancel", ""));
    one.shards.answer = new Answer.Unavailable("The shard is catching up");
    refused("503 shard-unavailable", "catching up", post(two, "/cancel", ""));
  }

  private List<ApiNode> nodes() {
    two.shards.owners = _ -> new Owner.Remote("127.0.0.1", one.port);
    return List.of(one, two);
  }

  private static JobSpec spec() {
    return JobSpec.of("a", JsonBytes.NULL);
  }

  private void have(JobState state) {
    have(state, spec());
  }

  private void have(JobState state, JobSpec spec) {
    have(state, spec, null);
  }

  private void have(JobState state, JobSpec spec, @Nullable Instant at) {
    nodes();
    LogEntry.Submit submit = new LogEntry.Submit(JOB, spec, TraceContext.NONE);
    one.shards.jobs.put(JOB, InMemoryEngine.view(submit, state, at));
  }

  private static HttpResponse<byte[]> post(ApiNode node, String command, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return node.send(node.posting(PATH + command, "application/json", body));
  }

  private static HttpResponse<byte[]> delete(ApiNode node) {
    return node.send(node.request(PATH).DELETE());
  }

  private static String state(HttpResponse<byte[]> answer) {
    assertEquals(200, answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8));
    return ApiNode.json(answer).get("state").asText();
  }

  private static void refused(String summary, String detail, HttpResponse<byte[]> answer) {
    JsonNode problem = ApiNode.json(answer);
    String code = problem.get("type").asText().replace("urn:kanal:problem:", "");
    assertEquals(summary, answer.statusCode() + " " + code, problem.toString());
    assertTrue(problem.get("detail").asText().contains(detail), problem.toString());
  }
}
