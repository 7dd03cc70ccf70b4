package dev.kanal.scheduler.api.jobs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.common.context.AttemptTrace;
import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.StartTime;
import dev.kanal.scheduler.api.ApiNode;
import dev.kanal.scheduler.api.InMemoryShards;
import dev.kanal.scheduler.engine.query.JobView;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class JobLifeTest {
  private static final Instant CREATED = InMemoryShards.LOG_TIME;
  private static final String SPAN = "00-5af7651916cd43dd8448eb211c803195-10f067aa0ba902b7-01";

  private final ApiNode node = new ApiNode();

  @AfterEach
  void close() {
    node.close();
  }

  @Test
  void theLifeOfARetriedJob_isWhatItWaitedForAndItsAttempts() {
    Attempt failed = attempt(1, "failed", 60, 61, null);
    Attempt succeeded = attempt(2, "succeeded", 100, 103, new AttemptTrace(SPAN, SPAN));

    List<JobLife.Span> life =
        JobLife.of(job(JobState.SUCCEEDED, List.of(failed, succeeded), at(106)));

    assertEquals(
        List.of(
            "delay 0 50",
            "blocked 50 60",
            "queued 60 61",
            "attempt 61 63",
            "settle 63 64",
            "retry 64 100",
            "queued 100 103",
            "attempt 103 105",
            "settle 105 106"),
        life.stream().map(JobLifeTest::text).toList());
    assertEquals("failed", life.get(3).outcome());
    assertEquals("5af7651916cd43dd8448eb211c803195", life.get(7).traceId());
    assertNull(life.getFirst().attempt());
  }

  @Test
  void whatLastsHasNoEnd() {
    assertEquals(List.of("delay 0 -"), texts(JobLife.of(job(JobState.SCHEDULED, List.of(), null))));
    Attempt failed = attempt(1, "failed", 60, 61, null);
    assertEquals(
        "retry 64 -", texts(JobLife.of(job(JobState.RETRYING, List.of(failed), null))).getLast());
    assertEquals(
        "attempt 64 -", texts(JobLife.of(job(JobState.RUNNING, List.of(failed), null))).getLast());
  }

  @Test
  void aJobThatEndedUnrunWaitedUntilThen() {
    assertEquals(
        List.of("delay 0 7"), texts(JobLife.of(job(JobState.CANCELLED, List.of(), at(7)))));
  }

  @Test
  void itIsReadOverHttp() {
    JsonNode submitted = ApiNode.json(node.submit("{\"type\":\"a\",\"delay\":\"50s\"}"));
    JsonNode life = ApiNode.json(node.get("/v1/jobs/" + submitted.get("id").asText() + "/life"));

    assertEquals("delay", life.at("/spans/0/kind").asText(), life::toString);
    assertEquals(404, node.get("/v1/jobs/none/life").statusCode());
  }

  private JobView job(JobState state, List<Attempt> attempts, @Nullable Instant finished) {
    String id = ApiNode.json(node.submit("{\"type\":\"a\"}")).get("id").asText();
    JobView job = node.shards.job(id);
    return new JobView(
        job.id(),
        job.spec().withStart(new StartTime.After(Duration.ofSeconds(50))),
        job.trace(),
        state,
        null,
        null,
        CREATED,
        null,
        finished,
        attempts.size(),
        attempts,
        0,
        3,
        false,
        null,
        -1,
        1,
        null);
  }

  /** Runs for two seconds, and takes one to be recorded. */
  private static Attempt attempt(
      int number, String outcome, int sent, int started, @Nullable AttemptTrace trace) {
    return new Attempt(
        number,
        number,
        outcome,
        "w",
        at(started),
        at(started + 2),
        null,
        trace,
        at(sent),
        at(started + 3));
  }

  private static List<String> texts(List<JobLife.Span> life) {
    return life.stream().map(JobLifeTest::text).toList();
  }

  private static String text(JobLife.Span span) {
    Instant end = span.end();
    return span.kind() + " " + seconds(span.start()) + " " + (end == null ? "-" : seconds(end));
  }

  private static String seconds(Instant time) {
    return "" + Duration.between(CREATED, time).toSeconds();
  }

  private static Instant at(int seconds) {
    return CREATED.plusSeconds(seconds);
  }
}
