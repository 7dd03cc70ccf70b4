package dev.kanal.scheduler.api.jobcommand;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.TokenHash;
import dev.kanal.common.log.LogEntry;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.Await;
import dev.kanal.scheduler.api.InMemoryEngine;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** {@code POST /v1/jobs/{id}/complete}, asked of either of two nodes; node one owns the shard. */
final class CompleteTest {
  private static final JobId JOB = JobId.of(4, 1_000, 7);
  private static final String PATH = "/v1/jobs/" + JOB + "/complete";

  private final ApiNode one = new ApiNode();
  private final ApiNode two = new ApiNode();

  @AfterEach
  void stop() {
    one.close();
    two.close();
  }

  @Test
  void theRightTokenEndsTheAttempt_andAgainIsNoMistake() {
    for (ApiNode node : nodes()) {
      parked();
      int before = one.shards.sent.get();
      assertEquals("SUCCEEDED", state(post(node, "{\"token\":\"t\",\"result\":{\"a\":1}}")));
      assertEquals("SUCCEEDED", state(post(node, "{\"token\":\"t\"}")));
      assertEquals(before + 1, one.shards.sent.get(), "the second appends nothing");
      parked();
      String error = "{\"type\":\"full\",\"message\":\"no room\",\"retryable\":false}";
      assertEquals("DEAD", state(post(node, "{\"token\":\"t\",\"error\":" + error + "}")));
    }
  }

  @Test
  void aWrongTokenIsRefused_andNothingIsAppended() {
    for (ApiNode node : nodes()) {
      parked();
      refused("403 wrong-token", post(node, "{\"token\":\"guess\"}"));
    }
    assertEquals(0, one.shards.sent.get());
  }

  @Test
  void whatNeverWaitedOrWasCancelledIsAConflict() {
    for (ApiNode node : nodes()) {
      have(JobState.SUCCEEDED);
      one.shards.engine.tokens.remove(JOB);
      refused("409 conflict", post(node, "{\"token\":\"t\"}"));
      parked();
      have(JobState.CANCELLED);
      refused("409 conflict", post(node, "{\"token\":\"t\"}"));
    }
    assertEquals(0, one.shards.sent.get());
  }

  @Test
  void whoeverIsQuickerThanTheWorkersReportWaitsForIt() throws Exception {
    nodes();
    have(JobState.QUEUED);
    CompletableFuture<HttpResponse<byte[]>> answer =
        CompletableFuture.supplyAsync(() -> post(two, "{\"token\":\"t\"}"));
    Await.until("the token was looked at", () -> one.shards.engine.looks.get() > 2);
    assertFalse(answer.isDone(), "answered before the worker has reported the token");
    parked();
    assertEquals("SUCCEEDED", state(answer.get()));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{} | /token",
        "{\"token\":\"\"} | /token",
        "{\"token\":7} | /token",
        "{\"token\":\"t\",\"results\":1} | /results",
        "{\"token\":\"t\",\"result\":1,\"error\":{\"type\":\"x\"}} | /error",
        "{\"token\":\"t\",\"error\":{}} | /error/type",
        "{\"token\":\"t\",\"error\":\"no\"} | /error",
        "{\"token\":\"t\",\"error\":{\"type\":\"x\",\"retryable\":1}} | /error/retryable",
      })
  void aBadBodyIsRefusedWhereItIsBad(String body, String pointer) {
    parked();
    HttpResponse<byte[]> answer = post(one, body);
    refused("422 invalid-request", answer);
    assertEquals(pointer, ApiNode.json(answer).at("/errors/0/pointer").asText());
  }

  @Test
  void aResultIsTakenUpToItsLimit() {
    int limit = 256 * 1024;
    parked();
    refused("413 payload-too-large", post(one, result(limit + 1)));
    assertEquals("SUCCEEDED", state(post(one, result(limit))));
  }

  @Test
  void aJobThatIsNotThereIsNotFound() {
    for (ApiNode node : nodes()) {
      refused("404 not-found", post(node, "{\"token\":\"t\"}"));
    }
  }

  private static String result(int bytes) {
    return "{\"token\":\"t\",\"result\":\"" + "x".repeat(bytes - 2) + "\"}";
  }

  private List<ApiNode> nodes() {
    two.shards.owners = _ -> new Owner.Remote("127.0.0.1", one.port);
    return List.of(one, two);
  }

  private void parked() {
    have(JobState.RUNNING);
    one.shards.engine.tokens.put(JOB, TokenHash.of("t"));
  }

  private void have(JobState state) {
    LogEntry.Submit submit =
        new LogEntry.Submit(JOB, JobSpec.of("http", JsonBytes.NULL), TraceContext.NONE);
    one.shards.jobs.put(JOB, InMemoryEngine.view(submit, state, null));
  }

  private static HttpResponse<byte[]> post(ApiNode node, String json) {
    byte[] body = json.getBytes(StandardCharsets.UTF_8);
    return node.send(node.posting(PATH, "application/json", body));
  }

  private static String state(HttpResponse<byte[]> answer) {
    assertEquals(200, answer.statusCode(), new String(answer.body(), StandardCharsets.UTF_8));
    return ApiNode.json(answer).get("state").asText();
  }

  private static void refused(String summary, HttpResponse<byte[]> answer) {
    JsonNode problem = ApiNode.json(answer);
    String code = problem.get("type").asText().replace("urn:kanal:problem:", "");
    assertEquals(summary, answer.statusCode() + " " + code, problem.toString());
    assertTrue(problem.get("detail").asText().startsWith("Expected"), problem.toString());
  }
}
