package dev.kanal.scheduler.engine.job;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Reason;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.task.Suspicion;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.shard.ShardStory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/**
 * Tasks that come to workers without a handler for them, in a shard that never learned which types
 * workers run: as it was decided before there was a way to tell, and as old logs are read.
 */
final class UnknownTypesTest {
  private static final Outcome ANNOUNCED = new Outcome.Unhandled("sum", true);
  private static final Outcome UNANNOUNCED = new Outcome.Unhandled("sum", false);

  private final ShardStory story = ShardStory.ready();

  @Test
  void shouldSendItAgainAfterASecond_whenAnotherWorkerAnnouncesTheType() {
    JobId job = story.submit();
    for (int dispatch = 1; dispatch <= 200; dispatch++) {
      Task task = story.nextTask();
      assertEquals(1, task.attempt());
      assertEquals(dispatch, task.dispatch());
      story.finish(task, ANNOUNCED);
      story.assertState(JobState.RETRYING, job);
      story.pass(OutcomeDecisions.ANNOUNCED_AGAIN.minusMillis(1));
      assertEquals(0, story.tasksWaiting());
      story.pass(Duration.ofMillis(1));
    }
    story.succeed(story.nextTask());
    assertEquals(1, story.view(job).attempt());
    story.assertState(JobState.SUCCEEDED, job);
  }

  @Test
  void shouldCountTheAttempt_onceNobodyHasAnnouncedTheTypeForAMinute() {
    JobId job = story.submit();
    long begun = story.at().toEpochMilli();
    while (story.at().toEpochMilli() - begun < OutcomeDecisions.UNHANDLED_MAX.toMillis()) {
      Task task = story.nextTask();
      assertEquals(1, task.attempt());
      story.finish(task, UNANNOUNCED);
      story.pass(OutcomeDecisions.UNANNOUNCED_AGAIN);
    }
    story.finish(story.nextTask(), UNANNOUNCED);
    story.pass(Duration.ofSeconds(3));
    assertEquals(2, story.nextTask().attempt());
    Attempt last = story.view(job).attempts().getLast();
    assertEquals("unhandled", last.outcome());
    assertEquals("unhandled", requireNonNull(last.error()).type());
  }

  @Test
  void shouldCountAnew_afterSomebodyHasAnnouncedTheType() {
    story.submit();
    handBack(UNANNOUNCED, 25);
    handBack(ANNOUNCED, 1);
    handBack(UNANNOUNCED, 25);
    assertEquals(1, story.nextTask().attempt(), "twice 50 s, and not a minute of either");
  }

  @Test
  void shouldGiveEachAttemptAMinute_andDieWhenTheyAreUsedUp() {
    JobSpec spec = JobSpec.of("sum", JsonBytes.of("{}"));
    JobId job = story.submit(spec.withRetry(new RetryPolicy(2, spec.retry().backoff())));
    long begun = story.at().toEpochMilli();
    for (int i = 0; i < 100 && !story.view(job).state().isFinal(); i++) {
      if (story.tasksWaiting() > 0) {
        story.finish(story.nextTask(), UNANNOUNCED);
      }
      story.pass(Duration.ofSeconds(2));
    }
    assertEquals(Reason.ATTEMPTS_EXHAUSTED, story.view(job).reason());
    assertEquals(2, story.view(job).attempt());
    assertTrue(story.at().toEpochMilli() - begun >= 120_000);
  }

  /** Hazard 7a: what a lost worker may have run stays a suspect until somebody has run it. */
  @Test
  void shouldStaySuspect_whenAWorkerWithoutAHandlerHandsItBack() {
    story.submit();
    story.lease(story.nextTask());
    story.pass(Duration.ofSeconds(17));
    Task suspect = story.nextTask();
    assertEquals(Suspicion.LOST, suspect.suspicion());
    story.finish(suspect, ANNOUNCED);
    story.pass(Duration.ofSeconds(1));
    assertEquals(Suspicion.LOST, story.nextTask().suspicion());
  }

  @Test
  void shouldRememberSinceWhen_whereverTheShardIs() {
    story.submit();
    handBack(UNANNOUNCED, 20);
    story.move();
    handBack(UNANNOUNCED, 10);
    story.finish(story.nextTask(), UNANNOUNCED);
    story.pass(Duration.ofSeconds(3));
    assertEquals(2, story.nextTask().attempt());
  }

  private void handBack(Outcome outcome, int times) {
    for (int i = 0; i < times; i++) {
      Task task = story.nextTask();
      assertEquals(1, task.attempt());
      story.finish(task, outcome);
      story.pass(OutcomeDecisions.UNANNOUNCED_AGAIN);
    }
  }
}
