package dev.kanal.scheduler.engine.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.control.ControlMessage;
import dev.kanal.common.control.ControlMessage.CancelRun;
import dev.kanal.common.control.ControlMessage.Drop;
import dev.kanal.common.control.ControlMessage.Granted;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.Lease;
import dev.kanal.common.log.LogEntry.Drained;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.HeldLeases;
import dev.kanal.common.log.LogEntry.Progressed;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.task.LifecycleEvent.DuplicateRun;
import dev.kanal.common.task.Suspicion;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.row.Counts;
import dev.kanal.scheduler.engine.shard.ShardStory;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.EngineRules;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Leases, asks, suspects and lost tasks. */
final class LeaseTest {
  private static final WorkerRef ONE = ShardStory.WORKER;
  private static final WorkerRef TWO = new WorkerRef("w2", 9);
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ShardStory story = ShardStory.ready();

  /** Hazard 7a: a lease is a question when it matters, and one asker gets it. */
  @Test
  void shouldGrantTheFirstToAsk_andNobodyElse() {
    JobId job = story.submit();
    Task task = story.nextTask();
    assertEquals(new Granted(ShardStory.run(task, ONE)), story.ask(task, ONE));
    story.assertState(JobState.RUNNING, job);
    assertEquals(new Drop(ShardStory.run(task, TWO)), story.ask(task, TWO));
    assertEquals(new Granted(ShardStory.run(task, ONE)), story.ask(task, ONE), "asked again");
  }

  /** Hazard 7b: a finished job's record comes again. */
  @Test
  void shouldDropWhatHasEnded() {
    story.submit();
    Task task = story.nextTask();
    story.succeed(task);
    assertEquals(new Drop(ShardStory.run(task, TWO)), story.ask(task, TWO));
  }

  /** Hazard 7c: a late event of an earlier dispatch changes nothing. */
  @Test
  void shouldDropAnOlderDispatch_andNotListenToItsEvents() {
    JobId job = story.submit();
    Task old = story.nextTask();
    story.finish(old, new Outcome.Snoozed(SECOND, new ErrorInfo("busy", "later", null)));
    story.pass(SECOND.multipliedBy(2));
    Task current = story.nextTask();
    assertEquals(old.attempt(), current.attempt());
    assertEquals(new Drop(ShardStory.run(old, TWO)), story.ask(old, TWO));
    story.lease(old, TWO);
    assertEquals(new Drop(ShardStory.run(old, TWO)), story.controls().getLast());
    story.succeedElsewhere(old);
    story.assertState(JobState.QUEUED, job);
    story.succeed(current);
    story.assertState(JobState.SUCCEEDED, job);
  }

  @Test
  void shouldTellTheWorkersToStop_whenARunningJobIsCancelled() {
    JobId job = story.submit();
    Task task = story.nextTask();
    story.lease(task);
    story.cancel(job);
    assertEquals(new CancelRun(job, 1), story.controls().getLast());
    story.succeed(task);
    story.assertState(JobState.CANCELLED, job);
    assertEquals("succeeded", story.view(job).attempts().getFirst().outcome());
    assertEquals(null, story.view(job).result());
  }

  /** Hazard 2: no success is recorded once a cancel has been answered, however late it comes. */
  @Test
  void shouldStayCancelled_whenTheSuccessComesAfterTheCancel() {
    JobId job = story.submit();
    Task task = story.nextTask();
    story.cancel(job);
    story.succeed(task);
    story.assertState(JobState.CANCELLED, job);
    assertFalse(story.published().stream().anyMatch(DuplicateRun.class::isInstance));
  }

  /** Hazard 7e: a worker that knows nothing of the cancel asks, and has to leave it alone. */
  @Test
  void shouldDropACancelledTask_andEndItsRunInTime() {
    JobId job = story.submit();
    Task task = story.nextTask();
    story.cancel(job);
    assertEquals(new Drop(ShardStory.run(task, TWO)), story.ask(task, TWO));
    assertTrue(story.view(job).stillRunning());
    story.pass(SECOND.multipliedBy(16));
    assertFalse(story.view(job).stillRunning());
  }

  /** Hazard 7f: a task got lost inside a living worker. */
  @Test
  void shouldSendATaskAgain_thatItsLivingWorkerDoesNotNameTwice() {
    JobId job = story.submit();
    Task task = story.nextTask();
    story.lease(task);
    story.append(new HeldLeases(ONE, List.of(new Lease(job, task.dispatch()))));
    story.append(new HeldLeases(ONE, List.of()));
    story.append(new HeldLeases(ONE, List.of(new Lease(job, task.dispatch()))));
    story.append(new HeldLeases(ONE, List.of()));
    story.assertState(JobState.RUNNING, job);
    story.append(new HeldLeases(ONE, List.of()));
    Task again = story.nextTask();
    assertEquals(2, again.dispatch());
    assertEquals(Suspicion.LOST, again.suspicion());
    assertEquals("lost", story.view(job).attempts().getFirst().outcome());
  }

  @Test
  void shouldTellAWorkerToStop_whatItHoldsAndDoesNotOwnAnyMore() {
    JobId job = story.submit();
    Task task = story.nextTask();
    story.lease(task);
    story.pass(SECOND.multipliedBy(17));
    assertEquals(2, story.nextTask().dispatch());
    story.append(new HeldLeases(ONE, List.of(new Lease(job, 1))));
    assertEquals(new Drop(ShardStory.run(task, ONE)), story.controls().getLast());
  }

  /** Hazard 13: bystanders of a crash lose nothing; who crashes again has to run alone. */
  @Test
  void shouldNotCountTheFirstLoss_andGiveUpAfterThreeMore() {
    JobId job = story.submit();
    for (int crash = 0; crash <= EngineRules.DEFAULT.crashLimit(); crash++) {
      Task task = story.nextTask();
      assertEquals(Suspicion.after(crash), task.suspicion());
      assertEquals(1, task.attempt(), "not an attempt that counts");
      story.ask(task, ONE);
      story.pass(SECOND.multipliedBy(17));
    }
    assertEquals(Reason.WORKER_LOST, story.view(job).reason());
  }

  /** What a worker gives back for its own reasons is no snooze of the handler. */
  @ParameterizedTest
  @ValueSource(strings = {"suspect-waits", "handler-busy", "worker-stopped", "lease-lost"})
  void shouldNotCountWhatWorkersHandBack(String why) {
    JobId job = story.submit();
    for (int i = 0; i < 3 * EngineRules.DEFAULT.snoozesMax(); i++) {
      story.finish(story.nextTask(), handedBack(why));
      story.pass(SECOND);
    }
    assertEquals(1, story.nextTask().attempt());
    story.assertState(JobState.QUEUED, job);
  }

  /** Hazard 13: else it would be run beside others again, and take them down with it. */
  @ParameterizedTest
  @ValueSource(strings = {"suspect-waits", "handler-busy", "worker-stopped", "lease-lost"})
  void shouldStaySuspect_untilItsHandlerHasComeToAnEnd(String why) {
    story.submit();
    story.lease(story.nextTask());
    story.pass(SECOND.multipliedBy(17));
    story.finish(story.nextTask(), handedBack(why));
    story.pass(SECOND);
    assertEquals(Suspicion.LOST, story.nextTask().suspicion());
  }

  private static Outcome handedBack(String why) {
    return new Outcome.Snoozed(Duration.ZERO, new ErrorInfo(why, "", null));
  }

  @Test
  void shouldForgetSuspicion_onceASuspectHasEndedByItself() {
    story.submit();
    story.lease(story.nextTask());
    story.pass(SECOND.multipliedBy(17));
    story.fail(story.nextTask());
    story.pass(SECOND.multipliedBy(2));
    assertEquals(Suspicion.NONE, story.nextTask().suspicion());
  }

  /** Hazard 7a, the other end: the first worker was alive after all, and reports first. */
  @Test
  void shouldTakeTheFirstOutcome_andWaitForTheOtherRunToEnd() {
    JobId job = story.submit();
    Task task = story.nextTask();
    story.ask(task, TWO);
    story.succeed(task);
    story.assertState(JobState.SUCCEEDED, job);
    assertTrue(story.view(job).stillRunning());
    assertEquals(new CancelRun(job, 1), story.controls().getLast());
    story.succeedElsewhere(task);
    assertFalse(story.view(job).stillRunning());
    assertTrue(story.published().stream().anyMatch(DuplicateRun.class::isInstance));
  }

  @Test
  void shouldTakeAnOutcomeWithoutALease_andALeaseAfterTheOutcome() {
    JobId job = story.submit();
    Task task = story.nextTask();
    story.succeed(task);
    story.lease(task);
    story.assertState(JobState.SUCCEEDED, job);
    assertFalse(story.view(job).stillRunning());
  }

  @Test
  void shouldShowHowFarTheHandlerIs() {
    JobId job = story.submit();
    Task task = story.nextTask();
    story.lease(task);
    JobProgress half = new JobProgress(0.5, "half");
    story.append(new Progressed(ShardStory.run(task, ONE), half));
    assertEquals(half, story.view(job).progress());
    story.succeed(task);
    story.append(new Progressed(ShardStory.run(task, ONE), new JobProgress(0.1, "late")));
    assertEquals(half, story.view(job).progress());
  }

  /** The rescue: the broker has settled the record, and its end was never reported. */
  @Test
  void shouldSendAgain_whatGotLostWithItsRecord() {
    JobId lost = story.submit();
    story.nextTask();
    story.away(SECOND.multipliedBy(60));
    JobId young = story.submit();
    story.nextTask();
    story.append(new Drained("default", Priority.NORMAL, story.at().minusSeconds(30)));
    assertEquals(List.of(lost), story.sentJobs());
    assertTrue(story.effects.contains(new Effect.Rescued(lost, 1)));
    story.assertState(JobState.QUEUED, young);
  }

  @Test
  void shouldEndTheRunOfACancelledJob_whoseRecordIsGone() {
    JobId job = story.submit();
    story.cancel(job);
    assertEquals(1, Counts.of(story.store, "default").lingering());
    story.away(SECOND.multipliedBy(60));
    story.append(new Drained("default", Priority.NORMAL, story.at().minusSeconds(30)));
    assertEquals(0, Counts.of(story.store, "default").lingering());
  }

  @Test
  void shouldEndExpired_whenTheWorkerSaysThatTheDeadlineHasPassed() {
    JobId job =
        story.submit(JobSpec.of("sum", JsonBytes.of("{}")).withDeadline(story.at().plusSeconds(1)));
    Task task = story.nextTask();
    story.finish(task, new Outcome.TimedOut(new ErrorInfo("deadline", "passed", null)));
    story.assertState(JobState.EXPIRED, job);
    ControlMessage none = story.controls().isEmpty() ? null : story.controls().getLast();
    assertEquals(null, none);
    story.append(
        new Finished(ShardStory.run(task, ONE), story.at(), story.at(), new Outcome.Cancelled()));
    story.assertState(JobState.EXPIRED, job);
  }
}
