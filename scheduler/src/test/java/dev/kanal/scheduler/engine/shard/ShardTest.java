package dev.kanal.scheduler.engine.shard;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.control.ControlMessage.CancelRun;
import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Reason;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.Shards;
import dev.kanal.common.task.LifecycleEvent;
import dev.kanal.common.task.Suspicion;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.query.JobView;
import dev.kanal.scheduler.engine.read.JobViews;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.EngineRules;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class ShardTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  @Test
  void shouldSendAndSucceed() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit();
    story.assertState(JobState.QUEUED, job);
    assertEquals(1, story.count("default", JobState.QUEUED));

    Task task = story.nextTask();
    assertEquals(job, task.job());
    assertEquals(1, task.attempt());
    assertEquals(1, task.dispatch());
    story.succeed(task);

    JobView view = story.view(job);
    assertEquals(JobState.SUCCEEDED, view.state());
    assertEquals(JsonBytes.of("42"), view.result());
    assertEquals(1, view.attempts().size());
    assertEquals("succeeded", view.attempts().getFirst().outcome());
    assertEquals(0, story.count("default", JobState.QUEUED));
    assertEquals(1, story.count("default", JobState.SUCCEEDED));
    assertTrue(story.effects.contains(new Effect.Ended(job)));
  }

  @Test
  void shouldStartAtItsTime_andNotBefore() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit(spec(new StartTime.After(SECOND.multipliedBy(5)), null));
    story.assertState(JobState.SCHEDULED, job);
    story.pass(SECOND.multipliedBy(4));
    assertEquals(0, story.tasksWaiting());
    story.pass(SECOND);
    assertEquals(job, story.nextTask().job());
    story.assertState(JobState.QUEUED, job);
  }

  @Test
  void shouldTellWhenTheNextTickIsWanted() {
    ShardStory story = ShardStory.ready();
    assertEquals(Long.MAX_VALUE, story.nextTickMs());
    story.submit(spec(new StartTime.After(SECOND), null));
    assertEquals(story.at().toEpochMilli() + 1_000, story.nextTickMs());
    story.move();
    assertEquals(story.at().toEpochMilli() + 1_000, story.nextTickMs());
  }

  @Test
  void shouldRetryWithBackoff_untilAttemptsAreUsedUp() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit(spec(StartTime.NOW, null));
    for (int attempt = 1; attempt <= 3; attempt++) {
      Task task = story.nextTask();
      assertEquals(attempt, task.attempt());
      story.fail(task);
      if (attempt < 3) {
        story.assertState(JobState.RETRYING, job);
        assertEquals(0, story.tasksWaiting());
        story.pass(SECOND.multipliedBy(3));
      }
    }
    JobView view = story.view(job);
    assertEquals(JobState.DEAD, view.state());
    assertEquals(Reason.ATTEMPTS_EXHAUSTED, view.reason());
    assertEquals(3, view.attempt());
    assertEquals(3, view.attempts().size());
  }

  @Test
  void shouldDieAtOnce_whenTheFailureIsNotRetryable() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit();
    story.finish(story.nextTask(), new Outcome.Failed(new ErrorInfo("no", "never", null), false));
    assertEquals(Reason.NOT_RETRYABLE, story.view(job).reason());
  }

  @Test
  void shouldNotCountSnoozes_upToTheirBound() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit();
    Outcome snooze = new Outcome.Snoozed(SECOND, new ErrorInfo("busy", "later", null));
    for (int i = 1; i <= EngineRules.DEFAULT.snoozesMax(); i++) {
      Task task = story.nextTask();
      assertEquals(1, task.attempt());
      assertEquals(i, task.dispatch());
      story.finish(task, snooze);
      story.pass(SECOND);
    }
    story.finish(story.nextTask(), snooze);
    story.pass(SECOND.multipliedBy(3));
    assertEquals(2, story.nextTask().attempt());
    assertEquals(Attempt.KEPT, story.view(job).attempts().size());
    assertEquals(1, story.view(job).attemptsOmitted());
  }

  @Test
  void shouldIgnoreAndTellOutcomesThatNoLongerCount() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit();
    Task first = story.nextTask();
    story.fail(first);
    story.succeedElsewhere(first);
    story.assertState(JobState.RETRYING, job);
    story.pass(SECOND.multipliedBy(3));
    Task second = story.nextTask();
    story.succeedElsewhere(first);
    story.assertState(JobState.QUEUED, job);
    story.succeed(second);
    story.succeedElsewhere(second);
    story.assertState(JobState.SUCCEEDED, job);
    assertEquals(JsonBytes.of("42"), story.view(job).result());
    assertEquals(
        3,
        story.published().stream().filter(LifecycleEvent.DuplicateRun.class::isInstance).count());
  }

  @Test
  void shouldNotTakeTheSameReportTwice_forASecondRun() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit();
    Task task = story.nextTask();
    story.succeed(task);
    story.succeed(task);
    assertEquals(1, story.view(job).attempts().size());
    assertEquals(
        0,
        story.published().stream().filter(LifecycleEvent.DuplicateRun.class::isInstance).count());
  }

  @Test
  void shouldExpire_whenTheDeadlinePasses_inAnyState() {
    ShardStory story = ShardStory.ready();
    Instant deadline = story.at().plusSeconds(10);
    JobId waiting = story.submit(spec(new StartTime.After(Duration.ofHours(1)), deadline));
    JobId queued = story.submit(spec(StartTime.NOW, deadline));
    JobId running = story.submit(spec(StartTime.NOW, deadline));
    story.nextTask();
    Task task = story.nextTask();
    story.lease(task);
    story.pass(SECOND.multipliedBy(9));
    story.heartbeat();
    story.assertState(JobState.RUNNING, running);
    story.pass(SECOND);
    Stream.of(waiting, queued, running).forEach(job -> story.assertState(JobState.EXPIRED, job));
    story.succeed(task);
    story.assertState(JobState.EXPIRED, running);
  }

  @Test
  void shouldNotSend_whenTheDeadlineHasPassedAtSubmit() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit(spec(StartTime.NOW, story.at()));
    story.assertState(JobState.EXPIRED, job);
    assertEquals(0, story.tasksWaiting());
  }

  @Test
  void shouldKeepALease_whileTheWorkerBeats_andSendAgainWhenItIsLost() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit();
    Task task = story.nextTask();
    story.lease(task);
    for (int i = 0; i < 10; i++) {
      story.pass(SECOND.multipliedBy(5));
      story.heartbeat();
    }
    story.assertState(JobState.RUNNING, job);
    story.pass(SECOND.multipliedBy(16));
    story.assertState(JobState.QUEUED, job);
    Task again = story.nextTask();
    assertEquals(2, again.dispatch());
    assertEquals(1, again.attempt());
    assertEquals(Suspicion.LOST, again.suspicion());
    assertEquals("lost", story.view(job).attempts().getFirst().outcome());
  }

  @Test
  void shouldGiveUp_whenWorkersAreLostAgainAndAgain() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit();
    for (int i = 0; i <= EngineRules.DEFAULT.crashLimit(); i++) {
      story.assertState(JobState.QUEUED, job);
      story.lease(story.nextTask());
      story.pass(SECOND.multipliedBy(16));
    }
    assertEquals(Reason.WORKER_LOST, story.view(job).reason());
  }

  @Test
  void shouldNotJudgeLeases_byTimeInWhichNobodyTicked() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit();
    story.lease(story.nextTask());
    story.away(Duration.ofMinutes(10));
    story.tick();
    story.assertState(JobState.RUNNING, job);
    story.pass(SECOND.multipliedBy(14));
    story.assertState(JobState.RUNNING, job);
    story.pass(SECOND.multipliedBy(2));
    story.assertState(JobState.QUEUED, job);
  }

  @Test
  void shouldTakeTheOutcome_whenItComesBeforeTheLease() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit();
    Task task = story.nextTask();
    story.succeed(task);
    story.lease(task);
    story.assertState(JobState.SUCCEEDED, job);
  }

  @Test
  void shouldBlockJobs_untilTheirQueueIsReady() {
    ShardStory story = new ShardStory();
    JobId job = story.submit();
    story.assertState(JobState.BLOCKED, job);
    story.queueReady("default", "topic-1");
    assertEquals(job, story.nextTask().job());
    story.assertState(JobState.QUEUED, job);
  }

  @Test
  void shouldSendEverythingAgain_whenTheTopicWasMadeAnew() {
    ShardStory story = sentToATopicThatWasMadeAnew(1_234);
    // One item is the look at the queue's blocked jobs.
    assertEquals(EngineRules.DEFAULT.itemsMax() - 1, story.tasksWaiting());
    assertEquals(0, story.nextTickMs());
    story.tick();
    story.tick();
    assertEquals(1_234, story.tasksWaiting());
    assertEquals(2, story.nextTask().dispatch());
    assertEquals(1_234, story.count("default", JobState.QUEUED));
    story.tick();
    assertEquals(1_233, story.tasksWaiting());
  }

  private static ShardStory sentToATopicThatWasMadeAnew(int jobs) {
    ShardStory story = ShardStory.ready();
    for (int i = 0; i < jobs; i++) {
      story.submit();
      story.nextTask();
    }
    story.queueReady("default", "topic-2");
    return story;
  }

  /** Hazard 11: what a step left over is not forgotten over what is read before the next tick. */
  @Test
  void shouldWantATickForWhatIsLeft_whateverIsReadMeanwhile() {
    ShardStory story = sentToATopicThatWasMadeAnew(1_234);
    story.submit();
    assertEquals(0, story.nextTickMs());

    story.move();
    assertEquals(0, story.nextTickMs());
    story.submit();
    assertEquals(0, story.nextTickMs());

    story.tick();
    story.tick();
    story.tick();
    assertEquals(1_236, story.tasksWaiting());
    assertTrue(story.nextTickMs() > 0, "nothing is left");
  }

  @Test
  void shouldNotSendAgain_whenTheSameTopicIsAnnouncedTwice() {
    ShardStory story = ShardStory.ready();
    story.submit();
    story.nextTask();
    story.queueReady("default", "topic-1");
    assertEquals(0, story.tasksWaiting());
  }

  @Test
  void shouldWaitForTheQueue_whenATaskCouldNotBeSent() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit();
    Task task = story.nextTask();
    story.dispatchFailed(task);
    story.assertState(JobState.BLOCKED, job);
    story.queueReady("default", "topic-1");
    assertEquals(2, story.nextTask().dispatch());
  }

  @Test
  void shouldTellTheWorkersNotToRunTheFirst_whenATaskIsSentAnew_andMayHaveArrivedBefore() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit();
    Task task = story.nextTask();
    story.dispatchFailed(task);
    assertEquals(List.of(), story.controls(), "it may be the only one");

    story.queueReady("default", "topic-1");

    assertEquals(2, story.nextTask().dispatch());
    assertEquals(List.of(new CancelRun(job, 1)), story.controls());
    story.succeed(task);
    story.assertState(JobState.QUEUED, job);
  }

  @Test
  void shouldTakeTheOutcome_ofATaskWhoseSendingOnlySeemedToFail() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit();
    Task task = story.nextTask();
    story.dispatchFailed(task);
    story.succeed(task);
    story.assertState(JobState.SUCCEEDED, job);
  }

  @Test
  void shouldForgetFinalJobs_withEveryRow() {
    ShardStory story = ShardStory.ready();
    int before = story.store.size();
    JobId job = story.submit(spec(StartTime.NOW, story.at().plusSeconds(60)));
    story.succeed(story.nextTask());
    story.away(Duration.ofDays(2));
    story.tick();
    assertNull(JobViews.read(story.store, job));
    assertEquals(before + 1, story.store.size(), "only the queue's counts are added");
    assertEquals(0, story.count("default", JobState.SUCCEEDED));
  }

  @Test
  void shouldSkipWhatItHasApplied() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit();
    story.move();
    JobSpec other = JobSpec.of("other", JsonBytes.of("1"));
    story.applyAgain(new Submit(JobId.of(0, 1, 99), other, TraceContext.NONE));
    assertNull(JobViews.read(story.store, JobId.of(0, 1, 99)));
    assertEquals(1, story.tasksWaiting());
    story.assertState(JobState.QUEUED, job);
  }

  @Test
  void shouldPutUnreadableRecordsAside_andGoOn() {
    ShardStory story = ShardStory.ready();
    story.apply(new byte[] {99, 1, 2});
    story.apply(new byte[0]);
    JobSpec foreign = JobSpec.of("sum", JsonBytes.of("{}"));
    story.append(new Submit(JobId.of(5, 1, 1), foreign, TraceContext.NONE));
    assertEquals(3, story.quarantined.size());
    JobId job = story.submit();
    story.assertState(JobState.QUEUED, job);
  }

  @Test
  void shouldEndOneJob_whenADecisionThrows_andGoOnWithTheOthers() {
    Decisions right = new Decisions(EngineRules.DEFAULT, new Shards(16));
    Decider wrong =
        (step, input) -> {
          right.decide(step, input);
          JobId id = input.job();
          JobRow row = id == null ? null : step.job(id);
          if (row != null && row.spec().type().equals("bad")) {
            throw new IllegalStateException("planted");
          }
        };
    ShardStory story = new ShardStory(wrong);
    story.queueReady("default", "topic-1");
    JobId bad = story.submit(JobSpec.of("bad", JsonBytes.of("{}")));
    JobId good = story.submit();
    assertEquals(JobState.DEAD, story.view(bad).state());
    assertEquals(Reason.ENGINE_ERROR, story.view(bad).reason());
    assertInstanceOf(String.class, story.quarantined.getFirst());
    assertTrue(story.quarantined.getFirst().contains("planted"));
    assertEquals(good, story.nextTask().job());
    assertEquals(0, story.tasksWaiting());
  }

  @Test
  void shouldFireManyTimers_inStepsOfABound() {
    ShardStory story = ShardStory.ready();
    for (int i = 0; i < 1_700; i++) {
      story.submit(spec(new StartTime.After(SECOND), null));
    }
    story.away(SECOND);
    for (int expected : new int[] {500, 1_000, 1_500, 1_700, 1_700}) {
      story.tick();
      assertEquals(expected, story.tasksWaiting());
    }
    assertEquals(Long.MAX_VALUE, story.nextTickMs());
  }

  private static JobSpec spec(StartTime start, @Nullable Instant deadline) {
    return new JobSpec(
        "sum",
        JsonBytes.of("{}"),
        "default",
        Priority.NORMAL,
        start,
        JobSpec.DEFAULT_TIMEOUT,
        deadline,
        new RetryPolicy(3, Backoff.DEFAULT),
        Map.of("a", "b"),
        Retention.DEFAULT,
        null,
        null,
        null,
        null,
        null);
  }
}
