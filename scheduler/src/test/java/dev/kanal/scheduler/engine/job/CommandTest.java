package dev.kanal.scheduler.engine.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Reason;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.Delete;
import dev.kanal.common.log.LogEntry.RelayDone;
import dev.kanal.common.log.LogEntry.Relayed;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.common.log.LogEntry.RunNow;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.read.JobViews;
import dev.kanal.scheduler.engine.row.Meta;
import dev.kanal.scheduler.engine.shard.Decisions;
import dev.kanal.scheduler.engine.shard.ShardStory;
import dev.kanal.scheduler.engine.step.BlockedHeads;
import dev.kanal.scheduler.engine.step.Step;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What users ask of one job, and what shards ask of each other. */
final class CommandTest {
  private static final Duration SECOND = Duration.ofSeconds(1);
  private static final JobSpec PLAIN = JobSpec.of("sum", JsonBytes.of("{}"));
  private static final JobSpec TWICE = PLAIN.withRetry(new RetryPolicy(2, Backoff.DEFAULT));

  private final ShardStory story = ShardStory.ready();

  @Test
  void shouldCancelInEveryStateThatIsNotFinal() {
    JobId scheduled = story.submit(PLAIN.withStart(new StartTime.After(SECOND)));
    JobId head = story.submit(PLAIN.withKey(new JobKey("k", 1)));
    JobId blocked = story.submit(PLAIN.withKey(new JobKey("k", 1)));
    JobId retrying = story.submit(TWICE);
    story.nextTask();
    story.fail(story.nextTask());
    JobId running = story.submit();
    story.lease(story.nextTask());
    JobId queued = story.submit();
    List<JobId> all = List.of(scheduled, blocked, retrying, running, queued, head);
    assertEquals(
        List.of(
            JobState.SCHEDULED,
            JobState.BLOCKED,
            JobState.RETRYING,
            JobState.RUNNING,
            JobState.QUEUED,
            JobState.QUEUED),
        all.stream().map(job -> story.view(job).state()).toList());
    for (JobId job : all) {
      story.cancel(job);
      story.assertState(JobState.CANCELLED, job);
      assertEquals(story.lastOffset(), story.view(job).commandOffset());
    }
  }

  @Test
  void shouldLeaveWhatHasEnded_whenItIsCancelled() {
    JobId job = story.submit();
    story.succeed(story.nextTask());
    story.cancel(job);
    story.assertState(JobState.SUCCEEDED, job);
    assertEquals(-1, story.view(job).commandOffset());
  }

  @Test
  void shouldGrantAsManyAttemptsAgain_andNumberThemOn() {
    JobId job = story.submit(TWICE);
    failTwice(1);
    assertEquals(Reason.ATTEMPTS_EXHAUSTED, story.view(job).reason());
    story.append(new Retry(job, null));
    assertEquals(story.lastOffset(), story.view(job).commandOffset());
    assertEquals(4, story.view(job).maxAttempts());
    failTwice(3);
    story.assertState(JobState.DEAD, job);
    assertEquals(4, story.view(job).attempts().size());
  }

  private void failTwice(int firstAttempt) {
    for (int attempt = firstAttempt; attempt < firstAttempt + 2; attempt++) {
      Task task = story.nextTask();
      assertEquals(attempt, task.attempt());
      story.fail(task);
      story.pass(SECOND.multipliedBy(3));
    }
  }

  @Test
  void shouldNotRetryWhatSucceeded_orStillGoesOn() {
    JobId running = story.submit();
    story.append(new Retry(running, null));
    assertEquals(1, story.tasksWaiting());
    story.succeed(story.nextTask());
    story.append(new Retry(running, null));
    story.assertState(JobState.SUCCEEDED, running);
    assertEquals(-1, story.view(running).commandOffset());
  }

  @Test
  void shouldRetryAnExpiredJob_onlyWithANewDeadline() {
    JobId job =
        story.submit(
            PLAIN
                .withStart(new StartTime.After(SECOND.multipliedBy(9)))
                .withDeadline(story.at().plusSeconds(1)));
    story.pass(SECOND.multipliedBy(2));
    story.assertState(JobState.EXPIRED, job);
    story.append(new Retry(job, null));
    story.assertState(JobState.EXPIRED, job);
    story.append(new Retry(job, story.at().plusSeconds(60)));
    story.assertState(JobState.QUEUED, job);
    assertEquals(story.at().plusSeconds(60), story.nextTask().deadline());
  }

  @Test
  void shouldStartNow_whatWaitsForItsTimeOrItsNextAttempt() {
    JobId scheduled = story.submit(PLAIN.withStart(new StartTime.After(Duration.ofDays(365))));
    story.append(new RunNow(scheduled));
    assertEquals(scheduled, story.nextTask().job());
    JobId retrying = story.submit(TWICE);
    story.fail(story.nextTask());
    story.append(new RunNow(retrying));
    assertEquals(2, story.nextTask().attempt());
    long before = story.view(retrying).commandOffset();
    story.append(new RunNow(retrying));
    assertEquals(before, story.view(retrying).commandOffset(), "nothing to do");
  }

  @Test
  void shouldForgetAJobWithAllOfItsRows() {
    JobSpec full =
        TWICE
            .withKey(new JobKey("k", 1))
            .withIdempotency(new Idempotency("once", 1, 2))
            .withDeadline(story.at().plusSeconds(600));
    JobId job = story.submit(full);
    story.append(new Delete(job));
    assertNotNull(JobViews.read(story.store, job), "it has not ended");
    story.fail(story.nextTask());
    story.pass(SECOND.multipliedBy(2));
    story.succeed(story.nextTask());
    story.append(new Delete(job));
    assertNull(JobViews.read(story.store, job));
    assertEquals(List.of(), story.rowsOf(job));
  }

  @Test
  void shouldMakeOneJobOfAnIdempotentSubmit_forAsLongAsItsJobLives() {
    JobSpec once =
        PLAIN
            .withIdempotency(new Idempotency("order-7", 1, 2))
            .withRetention(new Retention(SECOND.multipliedBy(5), SECOND));
    JobId first = story.submit(once);
    JobId repeat = story.submit(once);
    JobId otherBody = story.submit(once.withIdempotency(new Idempotency("order-7", 3, 4)));
    assertNull(JobViews.read(story.store, repeat));
    assertNull(JobViews.read(story.store, otherBody));
    assertEquals(1, story.tasksWaiting());
    story.succeed(story.nextTask());
    story.pass(SECOND.multipliedBy(7));
    assertNull(JobViews.read(story.store, first));
    JobId second = story.submit(once);
    story.assertState(JobState.QUEUED, second);
    assertNotEquals(first, second);
  }

  /** Hazard 8: the same idempotency key with another job key is another job: both keys make it. */
  @Test
  void shouldTellIdempotencyKeysApart_byTheirJobKey() {
    JobSpec once = PLAIN.withIdempotency(new Idempotency("order-7", 1, 2));
    story.submit(once);
    JobId keyed = story.submit(once.withKey(new JobKey("k", 1)));
    story.assertState(JobState.QUEUED, keyed);
  }

  /** Hazard 8: what another shard asks for is done once, in order, however often it comes. */
  @Test
  void shouldTakeRelayedEntriesOnceAndInOrder() {
    JobId a = story.submit();
    JobId b = story.submit();
    story.append(new Relayed(3, 2, new Cancel(b, null)));
    story.assertState(JobState.QUEUED, b);
    story.append(new Relayed(3, 1, new Cancel(a, Reason.REPLACED)));
    story.append(new Relayed(3, 2, new Cancel(b, null)));
    story.assertState(JobState.CANCELLED, b);
    assertEquals(Reason.REPLACED, story.view(a).reason());
    story.append(new Retry(a, null));
    story.append(new Relayed(3, 1, new Cancel(a, null)));
    story.assertState(JobState.QUEUED, a);
  }

  @Test
  void shouldKeepWhatItRelays_untilItIsAcknowledged() {
    Step step = new Step(0, story.store, Meta.START, new BlockedHeads(), Decisions.DERIVED);
    step.relay(5, new Cancel(story.submit(), null));
    step.relay(5, new Cancel(story.submit(), null));
    step.relay(6, new Cancel(story.submit(), null));
    step.changes()
        .forEach((key, value) -> story.store.put(key, value == null ? new byte[0] : value));
    assertEquals(3, story.count('x'));
    story.append(new RelayDone(5, 1));
    assertEquals(2, story.count('x'));
    story.append(new RelayDone(5, 2));
    story.append(new RelayDone(6, 1));
    assertEquals(0, story.count('x'));
  }

  @Test
  void shouldKeepTheReason_ofWhoeverCancelled() {
    JobId job = story.submit();
    story.append(new Cancel(job, Reason.PURGED));
    assertEquals(Reason.PURGED, story.view(job).reason());
    assertTrue(story.published().getLast().toString().contains("purged"));
  }
}
