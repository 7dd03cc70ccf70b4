package dev.kanal.scheduler.engine.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.control.ControlMessage.Drop;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.common.log.LogEntry.Stopped;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.shard.ShardStory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** Runs that outlive their job: what a user asks for meanwhile waits for their end. */
final class LingeringRunTest {
  private static final WorkerRef TWO = new WorkerRef("w2", 9);
  private static final JobSpec KEYED =
      JobSpec.of("sum", JsonBytes.of("{}")).withKey(new JobKey("k", 1));

  private final ShardStory story = ShardStory.ready();

  /** Hazard 7d: a user cancels and retries while the first handler still runs. */
  @Test
  void shouldNotRunARetriedJob_besideItsCancelledRun() {
    JobId job = story.submit(KEYED);
    Task task = story.nextTask();
    story.lease(task);
    story.cancel(job);
    story.append(new Retry(job, null));
    story.assertState(JobState.BLOCKED, job);
    assertEquals(0, story.tasksWaiting());
    story.finish(task, new Outcome.Cancelled());
    assertEquals(2, story.nextTask().dispatch());
    story.assertState(JobState.QUEUED, job);
  }

  @Test
  void shouldWaitForAnUnreportedTask_beforeItSendsARetriedJob() {
    JobId job = story.submit(KEYED);
    Task task = story.nextTask();
    story.cancel(job);
    story.append(new Retry(job, null));
    story.assertState(JobState.BLOCKED, job);
    assertEquals(new Drop(ShardStory.run(task, TWO)), story.ask(task, TWO));
    assertEquals(0, story.tasksWaiting(), "another worker may have begun with it");
    story.pass(Duration.ofSeconds(16));
    assertEquals(2, story.nextTask().dispatch());
  }

  @Test
  void shouldWaitForAWorkerThatLeasesTheCancelledRun_ofARetriedJob() {
    JobId job = story.submit(KEYED);
    Task task = story.nextTask();
    story.cancel(job);
    story.append(new Retry(job, null));
    story.append(new Leased(ShardStory.run(task, TWO), story.at()));
    assertEquals(new Drop(ShardStory.run(task, TWO)), story.controls().getLast());
    story.succeedElsewhere(task);
    story.assertState(JobState.QUEUED, job);
    assertEquals(2, story.nextTask().dispatch());
  }

  /** Hazard 2: what the cancelled run returned is not the result of the retried job. */
  @Test
  void shouldNotTakeTheOutcomeOfACancelledRun_forThatOfARetry() {
    QueueSettings open = QueueSettings.of(4, 1_000);
    JobId job = story.submit();
    Task task = story.nextTask();
    story.putQueue("default", open.withPaused(true));
    story.cancel(job);
    story.append(new Retry(job, null));
    story.succeed(task);
    story.assertState(JobState.BLOCKED, job);
    story.putQueue("default", open);
    assertEquals(2, story.nextTask().dispatch());
  }

  /** The same worker ran the attempt before: its word is not an old one said again. */
  @Test
  void shouldHearThatACancelledRunIsOver_fromTheWorkerOfTheAttemptBefore() {
    JobId job = story.submit(KEYED);
    story.fail(story.nextTask());
    story.pass(Duration.ofSeconds(2));
    Task second = story.nextTask();
    story.cancel(job);
    story.append(new Retry(job, null));
    story.finish(second, new Outcome.Cancelled());
    assertEquals(3, story.nextTask().dispatch());
  }

  @Test
  void shouldHoldThePlace_whileASecondWorkersHandlerIgnoresItsInterrupt() {
    story.submit(KEYED);
    JobId next = story.submit(KEYED);
    Task task = story.nextTask();
    story.ask(task, ShardStory.WORKER);
    story.succeedElsewhere(task);
    story.append(stillRunning(task));
    story.assertState(JobState.BLOCKED, next);
    story.append(new Stopped(ShardStory.run(task, ShardStory.WORKER)));
    assertEquals(next, story.nextTask().job());
  }

  @Test
  void shouldGiveThePlaceOn_whenTheTaskOfACancelledJobNeverArrived() {
    JobId first = story.submit(KEYED);
    JobId next = story.submit(KEYED);
    Task task = story.nextTask();
    story.cancel(first);
    assertEquals(0, story.tasksWaiting());
    story.dispatchFailed(task);
    assertEquals(next, story.nextTask().job());
  }

  private Finished stillRunning(Task task) {
    Outcome outcome = new Outcome.TimedOut(new ErrorInfo("timeout", "too long", null));
    return new Finished(
        ShardStory.run(task, ShardStory.WORKER), story.at(), story.at(), outcome, true);
  }
}
