package dev.kanal.scheduler.engine.row;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.scheduler.engine.read.JobViews;
import dev.kanal.scheduler.engine.shard.ShardStory;
import dev.kanal.scheduler.engine.step.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What a job carries, where it stands, and how it goes. */
final class BodyTest {
  private static final Duration HOUR = Duration.ofHours(1);

  private final ShardStory story = ShardStory.ready();

  @Test
  void shouldBeOneRow_whenAJobIsSmall() {
    JobId job = story.submit();
    story.succeed(story.nextTask());
    List<String> letters = story.rowsOf(job).stream().map(BodyTest::letter).toList();
    assertEquals(List.of("j"), letters, "its index rows are shared");
  }

  @ParameterizedTest
  @ValueSource(ints = {2, Body.SMALL, Body.SMALL + 1, 100_000})
  void shouldShowPayloadAndResult_whateverTheirSize(int bytes) {
    JsonBytes payload = json(bytes, "p");
    JsonBytes result = json(bytes, "r");
    JobId job = story.submit(JobSpec.of("sum", payload));
    assertEquals(payload, story.view(job).spec().payload());
    var task = story.nextTask();
    assertEquals(payload, task.payload());
    story.finish(task, new Outcome.Succeeded(result));
    assertEquals(payload, story.view(job).spec().payload());
    assertEquals(result, story.view(job).result());
    int rows = bytes > Body.SMALL ? 3 : 1;
    assertEquals(rows, story.rowsOf(job).size());
    story.away(Retention.DEFAULT.succeeded().plusSeconds(1));
    story.tick();
    assertEquals(List.of(), story.rowsOf(job));
  }

  @Test
  void shouldShowAWorkersIdAsItIsNow_whenAnOlderReleaseWroteTheAttempt() {
    Instant at = Instant.ofEpochMilli(1_700_000_000_000L);
    Attempt old = new Attempt(1, 1, "failed", "host-1#cafe", at, at, null, null, at, at);
    assertEquals("host-1~cafe", JobCodec.ATTEMPT.decode(JobCodec.ATTEMPT.encode(old)).worker());
  }

  /** Errors are small and large by turns; the newest of them are kept. */
  @Test
  void shouldKeepTheNewestAttempts_whateverTheirSize() {
    int attempts = Attempt.KEPT + 5;
    RetryPolicy often = new RetryPolicy(attempts, Backoff.DEFAULT);
    JobId job = story.submit(JobSpec.of("sum", JsonBytes.of("1")).withRetry(often));
    List<String> stacks = new ArrayList<>();
    for (int i = 0; i < attempts; i++) {
      String stack = ("at line " + i + "\n").repeat(i % 2 == 0 ? 1 : 200);
      stacks.add(stack);
      var error = new ErrorInfo("oops", "it failed", stack);
      story.finish(story.nextTask(), new Outcome.Failed(error, true));
      story.pass(Duration.ofMinutes(20));
    }
    List<String> shown = new ArrayList<>();
    for (Attempt each : story.view(job).attempts()) {
      ErrorInfo error = each.error();
      shown.add(error == null ? "" : String.valueOf(error.stack()));
    }
    assertEquals(stacks.subList(5, attempts), shown);
    assertEquals(JobState.DEAD, story.view(job).state());
    story.away(Retention.DEFAULT.other().plusSeconds(1));
    story.tick();
    assertEquals(List.of(), story.rowsOf(job));
  }

  @Test
  void shouldForgetManyJobs_byFewRows() {
    int jobs = 3 * Step.FORGET_MAX;
    for (int i = 0; i < jobs; i++) {
      story.submit();
      story.succeed(story.nextTask());
    }
    assertTrue(story.count('t') <= 8, "timers: " + story.count('t'));
    story.away(Retention.DEFAULT.succeeded().plusSeconds(1));
    story.tick();
    story.tick();
    assertEquals(0, story.count('j'));
    assertEquals(0, story.count('t'));
  }

  /** A step may end more jobs than are forgotten together. */
  @Test
  void shouldForgetAllJobs_whenTheyEndAtOnce() {
    int jobs = Step.FORGET_MAX + 72;
    JobSpec expiring =
        JobSpec.of("sum", JsonBytes.of("1")).withDeadline(story.at().plusSeconds(60));
    for (int i = 0; i < jobs; i++) {
      story.submit(expiring);
    }
    story.away(Duration.ofSeconds(60));
    story.tick();
    assertEquals(jobs, story.count("default", JobState.EXPIRED));
    assertEquals(73, story.count('t'), "the bound of one row is reached");
    story.away(Retention.DEFAULT.other().plusSeconds(1));
    story.tick();
    assertEquals(0, story.count('j'));
    assertEquals(0, story.count('t'));
  }

  @Test
  void shouldNotForgetAJob_thatWasRetriedSinceItEnded() {
    JobSpec once =
        JobSpec.of("sum", JsonBytes.of("1")).withRetry(new RetryPolicy(1, Backoff.DEFAULT));
    JobId job = story.submit(once);
    story.fail(story.nextTask());
    story.assertState(JobState.DEAD, job);
    story.away(Retention.DEFAULT.other().minus(HOUR));
    story.append(new Retry(job, null));
    story.fail(story.nextTask());
    story.away(HOUR.plusSeconds(2));
    story.tick();
    story.assertState(JobState.DEAD, job);
    story.away(Retention.DEFAULT.other());
    story.tick();
    assertNull(JobViews.read(story.store, job));
  }

  private static String letter(Bytes key) {
    return String.valueOf((char) key.get()[0]);
  }

  private static JsonBytes json(int bytes, String letter) {
    return JsonBytes.of("\"" + letter.repeat(bytes - 2) + "\"");
  }
}
