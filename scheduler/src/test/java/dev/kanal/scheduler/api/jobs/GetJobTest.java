package dev.kanal.scheduler.api.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Reason;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.Await;
import dev.kanal.scheduler.api.ContractFile;
import dev.kanal.scheduler.api.InMemoryShards;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobView;
import java.io.IOException;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class GetJobTest {
  private final ApiNode node = new ApiNode();

  @AfterEach
  void stop() {
    node.close();
  }

  @Test
  void aJobThatIsKnownIsNotSentAgain() {
    String job = submitted();
    HttpResponse<byte[]> first = node.get(job);
    String etag = ApiNode.header(first, "ETag");

    HttpResponse<byte[]> same =
        node.send(node.request(job).header("If-None-Match", "\"x\", W/" + etag));
    node.shards.finish(id(job), JsonBytes.of("1"));
    HttpResponse<byte[]> changed = node.send(node.request(job).header("If-None-Match", etag));

    assertEquals(304, same.statusCode());
    assertEquals(etag, ApiNode.header(same, "ETag"));
    assertEquals(0, same.body().length);
    assertEquals(200, changed.statusCode());
    assertFalse(etag.equals(ApiNode.header(changed, "ETag")), "a changed job has another ETag");
  }

  @Test
  void aJobTellsTheRulesItWasSubmittedWith_soThatAnotherLikeItCanBe() {
    String rules =
        """
        "timeout":"PT1M","retry":{"maxAttempts":5,"backoff":{"initial":"PT2S","multiplier":3.0,\
        "max":"PT1H","jitter":0.5}},"retention":{"succeeded":"PT1H","other":"PT48H"}\
        """;
    String job = ApiNode.header(node.submit("{\"type\":\"a\"," + rules + "}"), "Location");

    String answer = new String(node.get(job).body(), StandardCharsets.UTF_8);

    assertTrue(answer.contains(rules), answer);
  }

  @Test
  void headIsGetWithoutABody() {
    String job = submitted();
    HttpResponse<byte[]> get = node.get(job);

    HttpResponse<byte[]> head =
        node.send(node.request(job).method("HEAD", HttpRequest.BodyPublishers.noBody()));

    assertEquals(200, head.statusCode());
    assertEquals(0, head.body().length);
    assertEquals(Integer.toString(get.body().length), ApiNode.header(head, "Content-Length"));
  }

  @Test
  void waitAnswersWhenTheJobEnds() throws Exception {
    String job = submitted();
    CompletableFuture<HttpResponse<byte[]>> answer =
        CompletableFuture.supplyAsync(() -> node.get(job + "?wait=60s"));
    Await.until("the call waits", () -> node.shards.waiting() == 1);

    node.shards.finish(id(job), JsonBytes.of("{\"sum\": 6}"));

    assertEquals("SUCCEEDED", ApiNode.json(answer.get()).get("state").asText());
    assertTrue(
        new String(answer.get().body(), StandardCharsets.UTF_8)
            .contains("\"result\":{\"sum\": 6}"));
  }

  @Test
  void waitAnswersWithTheJobAsItIs_whenTheTimeIsUp() {
    HttpResponse<byte[]> answer = node.get(submitted() + "?wait=20ms");

    assertEquals(200, answer.statusCode());
    assertEquals("QUEUED", ApiNode.json(answer).get("state").asText());
  }

  @Test
  void preferWaitOnASubmitAnswersWithTheFinishedJob() {
    node.shards.finishAtOnce = true;
    HttpResponse<byte[]> answer = submitPreferring("respond-async, wait=5; x=y");

    assertEquals(200, answer.statusCode());
    assertEquals("wait=5", ApiNode.header(answer, "Preference-Applied"));
    assertEquals("SUCCEEDED", ApiNode.json(answer).get("state").asText());
    assertFalse(ApiNode.header(answer, "Location").isEmpty(), "Location");
  }

  @Test
  void preferWaitOnASubmitAnswersAccepted_whenTheTimeIsUp() {
    HttpResponse<byte[]> answer = submitPreferring("wait=1");

    assertEquals(202, answer.statusCode());
    assertEquals("QUEUED", ApiNode.json(answer).get("state").asText());
  }

  @Test
  void aPreferenceOfNoSenseIsPassedOver_andALongOneIsCut() {
    node.shards.finishAtOnce = true;

    assertEquals("", ApiNode.header(submitPreferring("wait=soon"), "Preference-Applied"));
    assertEquals("", ApiNode.header(submitPreferring("wait=-1"), "Preference-Applied"));
    assertEquals("", ApiNode.header(submitPreferring("wait"), "Preference-Applied"));
    assertEquals(
        "wait=60", ApiNode.header(submitPreferring("wait=99999999"), "Preference-Applied"));
    assertEquals("wait=60", ApiNode.header(submitPreferring("Wait=\"61\""), "Preference-Applied"));
  }

  @Test
  void aShardThatIsAwayIsReported() {
    String job = submitted();
    node.shards.answer = new JobReader.Answer.Unavailable("The shard is catching up");
    HttpResponse<byte[]> behind = node.get(job);
    node.shards.owners = _ -> new JobReader.Owner.Unknown();
    HttpResponse<byte[]> nobody = node.get(job);

    for (HttpResponse<byte[]> each : List.of(behind, nobody)) {
      assertEquals(503, each.statusCode());
      assertEquals("1", ApiNode.header(each, "Retry-After"));
      assertEquals("urn:kanal:problem:shard-unavailable", ApiNode.json(each).get("type").asText());
    }
  }

  @Test
  void aBrokenReaderIsAnInternalProblem() {
    String job = submitted();
    node.shards.broken = new IllegalStateException("secret");

    HttpResponse<byte[]> answer = node.get(job);

    assertEquals(500, answer.statusCode());
    assertFalse(new String(answer.body(), StandardCharsets.UTF_8).contains("secret"));
  }

  @Test
  void aDeadJobTellsItsAttempts() throws IOException {
    String job = submitted();
    JobView queued = node.shards.job(job.substring("/v1/jobs/".length()));
    Attempt attempt =
        new Attempt(
            21,
            21,
            "failed",
            "worker-1",
            InMemoryShards.LOG_TIME,
            InMemoryShards.LOG_TIME,
            new ErrorInfo("java.io.IOException", "no \"route\"", "at x\nat y"),
            null,
            InMemoryShards.LOG_TIME,
            InMemoryShards.LOG_TIME);
    node.shards.jobs.put(
        queued.id(),
        new JobView(
            queued.id(),
            queued.spec(),
            queued.trace(),
            JobState.DEAD,
            Reason.ATTEMPTS_EXHAUSTED,
            null,
            queued.createdAt(),
            null,
            InMemoryShards.LOG_TIME,
            21,
            List.of(attempt),
            20,
            21,
            false,
            null,
            -1,
            9,
            null));

    JsonNode dead = ApiNode.json(node.get(job));

    assertEquals(List.of(), new ContractFile().violations("Job", dead));
    assertEquals("attempts-exhausted", dead.get("reason").asText());
    assertEquals("no \"route\"", dead.at("/attempts/0/error/message").asText());
    assertEquals(20, dead.get("attemptsOmitted").asInt());
    assertEquals("2030-01-01T00:00:00.000Z", dead.get("finishedAt").asText());
  }

  private String submitted() {
    return ApiNode.header(node.submit("{\"type\":\"a\"}"), "Location");
  }

  private static JobId id(String location) {
    return JobId.parse(location.substring("/v1/jobs/".length()));
  }

  private HttpResponse<byte[]> submitPreferring(String preference) {
    byte[] body = "{\"type\":\"a\"}".getBytes(StandardCharsets.UTF_8);
    return node.send(
        node.posting("/v1/jobs", "application/json", body).header("Prefer", preference));
  }
}
