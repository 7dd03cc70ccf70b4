package dev.kanal.scheduler.engine.job;

import static dev.kanal.scheduler.engine.row.Tables.KEYS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.log.LogEntry.RunNow;
import dev.kanal.common.log.LogEntry.Stopped;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.shard.ShardStory;
import dev.kanal.scheduler.engine.table.KeyCodec.Pair;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Jobs with a key: one at a time or {@code keyLimit} at once, in submit order. */
final class KeyTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final JobSpec KEYED =
      JobSpec.of("sum", JsonBytes.of("{}")).withKey(new JobKey("k", 1));

  private final ShardStory story = ShardStory.ready();

  @Test
  void shouldStartOneAfterTheOther_inSubmitOrder() {
    List<JobId> jobs = List.of(story.submit(KEYED), story.submit(KEYED), story.submit(KEYED));
    List<JobId> started = new ArrayList<>();
    for (int i = 0; i < 3; i++) {
      assertEquals(1, story.tasksWaiting());
      Task task = story.nextTask();
      assertTrue(task.permit());
      started.add(task.job());
      story.succeed(task);
    }
    assertEquals(jobs, started);
    assertNull(story.store.get(KEYS, new Pair("default", "k")), "nothing is left of the key");
  }

  @Test
  void shouldLetOtherKeysAndOtherQueuesPass() {
    story.queueReady("other", "topic-2");
    story.submit(KEYED);
    story.submit(KEYED);
    JobId otherKey = story.submit(KEYED.withKey(new JobKey("k2", 1)));
    JobId otherQueue = story.submit(KEYED.withQueue("other"));
    assertEquals(List.of(otherKey, otherQueue), story.sentJobs().subList(1, 3));
  }

  @Test
  void shouldLetAsManyInAsTheLimitSays_andThatOfTheLatestSubmitCounts() {
    JobSpec two = KEYED.withKey(new JobKey("k", 2));
    for (int i = 0; i < 4; i++) {
      story.submit(two);
    }
    assertEquals(2, story.tasksWaiting());
    story.submit(KEYED.withKey(new JobKey("k", 4)));
    story.tick();
    assertEquals(4, story.tasksWaiting());
  }

  @Test
  void shouldKeepThePlace_whileDelayed() {
    JobId delayed = story.submit(KEYED.withStart(new StartTime.After(SECOND.multipliedBy(5))));
    JobId next = story.submit(KEYED);
    story.assertState(JobState.SCHEDULED, delayed);
    story.assertState(JobState.BLOCKED, next);
    story.pass(SECOND.multipliedBy(5));
    Task task = story.nextTask();
    assertEquals(delayed, task.job());
    story.succeed(task);
    assertEquals(next, story.nextTask().job());
  }

  @Test
  void shouldWaitForItsTime_whenItsTurnComesBefore() {
    story.submit(KEYED);
    JobId delayed = story.submit(KEYED.withStart(new StartTime.After(SECOND.multipliedBy(5))));
    story.assertState(JobState.BLOCKED, delayed);
    story.succeed(story.nextTask());
    story.assertState(JobState.SCHEDULED, delayed);
    assertEquals(0, story.tasksWaiting());
    story.pass(SECOND.multipliedBy(5));
    assertEquals(delayed, story.nextTask().job());
  }

  @Test
  void shouldKeepThePlace_whileRetrying() {
    JobId first = story.submit(KEYED);
    JobId second = story.submit(KEYED);
    story.fail(story.nextTask());
    story.assertState(JobState.RETRYING, first);
    assertEquals(0, story.tasksWaiting());
    story.pass(SECOND.multipliedBy(2));
    assertEquals(first, story.nextTask().job());
    story.assertState(JobState.BLOCKED, second);
  }

  @Test
  void shouldReleaseThePlace_withAnyFinalState() {
    JobId first = story.submit(KEYED);
    JobId second = story.submit(KEYED);
    JobId third = story.submit(KEYED);
    story.cancel(second);
    story.finish(story.nextTask(), new Outcome.Failed(new ErrorInfo("no", "never", null), false));
    story.assertState(JobState.DEAD, first);
    assertEquals(third, story.nextTask().job());
    story.cancel(third);
    story.assertState(JobState.CANCELLED, third);
  }

  /** Hazard 7d: a cancelled job's handler still runs; the next job of the key must not. */
  @Test
  void shouldHoldThePlace_untilTheRunOfACancelledJobIsOver() {
    JobId first = story.submit(KEYED);
    JobId second = story.submit(KEYED);
    Task task = story.nextTask();
    story.lease(task);
    story.cancel(first);
    story.assertState(JobState.CANCELLED, first);
    assertTrue(story.view(first).stillRunning());
    story.assertState(JobState.BLOCKED, second);

    story.finish(task, new Outcome.Cancelled());
    assertEquals(second, story.nextTask().job());
    assertEquals(false, story.view(first).stillRunning());
    assertEquals("cancelled", story.view(first).attempts().getFirst().outcome());
  }

  @Test
  void shouldHoldThePlace_untilAHandlerThatIgnoresItsInterruptHasStopped() {
    JobId first = story.submit(KEYED.withRetry(new RetryPolicy(1, Backoff.DEFAULT)));
    JobId second = story.submit(KEYED);
    Task task = story.nextTask();
    story.lease(task);
    story.timeOutStillRunning(task);
    story.assertState(JobState.DEAD, first);
    assertTrue(story.view(first).stillRunning());
    story.heartbeat();
    story.assertState(JobState.BLOCKED, second);
    story.append(new Stopped(ShardStory.run(task, ShardStory.WORKER)));
    assertEquals(second, story.nextTask().job());
  }

  @Test
  void shouldGiveThePlaceOn_whenTheLeaseOfAStillRunningHandlerLapses() {
    JobId first = story.submit(KEYED);
    story.submit(KEYED);
    Task task = story.nextTask();
    story.lease(task);
    story.cancel(first);
    story.pass(SECOND.multipliedBy(14));
    assertEquals(0, story.tasksWaiting());
    story.pass(SECOND.multipliedBy(3));
    assertEquals(1, story.tasksWaiting());
  }

  @Test
  void shouldNotRunItsOwnNextAttempt_besideTheOneThatIgnoresItsInterrupt() {
    JobId job = story.submit(KEYED);
    Task task = story.nextTask();
    story.lease(task);
    story.timeOutStillRunning(task);
    for (int i = 0; i < 5; i++) {
      story.heartbeat();
      story.pass(SECOND);
    }
    story.assertState(JobState.BLOCKED, job);
    assertEquals(0, story.tasksWaiting());
    story.append(new Stopped(ShardStory.run(task, ShardStory.WORKER)));
    assertEquals(2, story.nextTask().attempt());
  }

  @Test
  void shouldEndAWaitingJob_atItsDeadline() {
    story.submit(KEYED);
    JobId late = story.submit(KEYED.withDeadline(story.at().plusSeconds(3)));
    story.pass(SECOND.multipliedBy(4));
    story.assertState(JobState.EXPIRED, late);
    assertEquals(1, story.tasksWaiting());
  }

  @Test
  void shouldStillWaitForItsKey_whenItIsToRunNow() {
    story.submit(KEYED);
    JobId delayed = story.submit(KEYED.withStart(new StartTime.After(Duration.ofHours(1))));
    story.append(new RunNow(delayed));
    story.assertState(JobState.BLOCKED, delayed);
    assertEquals(story.lastOffset(), story.view(delayed).commandOffset());
    story.succeed(story.nextTask());
    assertEquals(delayed, story.nextTask().job());
  }

  /** More jobs than one step lets in are let in by the ticks that follow. */
  @Test
  void shouldLetAThousandIn_whenTheLimitGrows() {
    for (int i = 0; i < 1_001; i++) {
      story.submit(KEYED);
    }
    story.submit(KEYED.withKey(new JobKey("k", 1_000)));
    for (int i = 0; i < 3; i++) {
      story.tick();
    }
    assertEquals(1_000, story.tasksWaiting());
  }
}
