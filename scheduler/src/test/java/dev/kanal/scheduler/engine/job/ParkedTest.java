package dev.kanal.scheduler.engine.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.control.ControlMessage.Drop;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Reason;
import dev.kanal.common.job.TokenHash;
import dev.kanal.common.log.LogEntry.Complete;
import dev.kanal.common.log.LogEntry.Delete;
import dev.kanal.common.log.LogEntry.HeldLeases;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.query.JobView;
import dev.kanal.scheduler.engine.query.TokenStanding;
import dev.kanal.scheduler.engine.shard.ShardStory;
import java.time.Duration;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Attempts whose work goes on outside: nobody's lease, ended by their token or their time. */
final class ParkedTest {
  private static final WorkerRef OTHER = new WorkerRef("w2", 9);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final JobSpec SPEC = JobSpec.of("http", JsonBytes.of("{}"));

  private final ShardStory story = ShardStory.ready();

  @Test
  void shouldBeRunningWithoutALease_untilItIsCompleted() {
    JobId job = story.submit(SPEC);
    Task task = story.nextTask();
    story.park(task, MINUTE);
    story.assertState(JobState.RUNNING, job);
    story.pass(Duration.ofSeconds(50));
    story.assertState(JobState.RUNNING, job);
    story.complete(job, "token");
    JobView done = story.view(job);
    assertEquals(JobState.SUCCEEDED, done.state());
    assertEquals(JsonBytes.of("7"), done.result());
    assertEquals("succeeded", done.attempts().getFirst().outcome());
    assertEquals(ShardStory.WORKER.toString(), done.attempts().getFirst().worker());
    assertEquals(TokenStanding.USED, standing(job, "token"));
    assertEquals(0, story.tasksWaiting());
  }

  @Test
  void shouldGoOnFromALease_andNotMissTheWorkerAnyMore() {
    JobId job = story.submit(SPEC);
    Task task = story.nextTask();
    story.lease(task);
    story.park(task, MINUTE);
    story.append(new HeldLeases(ShardStory.WORKER, List.of()));
    story.append(new HeldLeases(ShardStory.WORKER, List.of()));
    story.pass(Duration.ofSeconds(40));
    story.assertState(JobState.RUNNING, job);
    story.move();
    story.complete(job, "token");
    story.assertState(JobState.SUCCEEDED, job);
  }

  @Test
  void shouldTimeOutAndCount_whenNobodyCompletesIt() {
    JobId job = story.submit(SPEC);
    story.park(story.nextTask(), MINUTE);
    story.pass(Duration.ofSeconds(62));
    JobView late = story.view(job);
    assertEquals("timed-out", late.attempts().getFirst().outcome());
    story.complete(job, "token");
    assertEquals(TokenStanding.OVER, standing(job, "token"));
    story.pass(Duration.ofSeconds(5));
    assertEquals(2, story.nextTask().attempt(), "the attempt that timed out counts");
  }

  @Test
  void shouldNotWaitBeyondTheAttemptsTimeout_whateverTheWorkersClockSays() {
    JobId job = story.submit(SPEC);
    story.park(story.nextTask(), Duration.ofDays(9));
    story.pass(JobSpec.DEFAULT_TIMEOUT.plusSeconds(1));
    assertEquals("timed-out", story.view(job).attempts().getFirst().outcome());
  }

  @Test
  void shouldLeaveItAlone_whenTheTokenIsAnother() {
    JobId job = story.submit(SPEC);
    story.park(story.nextTask(), MINUTE);
    story.complete(job, "guess");
    story.assertState(JobState.RUNNING, job);
    assertEquals(TokenStanding.WRONG, standing(job, "guess"));
    assertEquals(TokenStanding.OPEN, standing(job, "token"));
  }

  @Test
  void shouldRetryOrDie_asTheErrorSays() {
    JobId first = story.submit(SPEC);
    story.park(story.nextTask(), MINUTE);
    story.append(new Complete(first, TokenHash.of("token"), failed(true)));
    story.assertState(JobState.RETRYING, first);
    JobId second = story.submit(SPEC);
    story.park(story.nextTask(), MINUTE);
    story.append(new Complete(second, TokenHash.of("token"), failed(false)));
    story.assertState(JobState.DEAD, second);
    assertEquals(Reason.NOT_RETRYABLE, story.view(second).reason());
    assertEquals(failed(false), new Outcome.Failed(errorOf(second), false));
  }

  @Test
  void shouldTellThatATokenIsEarly_whileTheWorkersReportIsOnItsWay() {
    JobId job = story.submit(SPEC);
    Task task = story.nextTask();
    assertEquals(TokenStanding.EARLY, standing(job, "token"));
    story.lease(task);
    assertEquals(TokenStanding.EARLY, standing(job, "token"));
    story.park(task, MINUTE);
    assertEquals(TokenStanding.OPEN, standing(job, "token"));
  }

  @Test
  void shouldVoidTheTokenAndGiveUpThePlace_whenCancelled() {
    JobId job = story.submit(SPEC.withKey(new JobKey("k", 1)));
    story.park(story.nextTask(), MINUTE);
    JobId next = story.submit(SPEC.withKey(new JobKey("k", 1)));
    story.assertState(JobState.BLOCKED, next);
    story.cancel(job);
    story.assertState(JobState.CANCELLED, job);
    story.assertState(JobState.QUEUED, next);
    story.complete(job, "token");
    story.assertState(JobState.CANCELLED, job);
    assertEquals(TokenStanding.OVER, standing(job, "token"));
    assertFalse(story.view(job).stillRunning());
  }

  @Test
  void shouldKeepItsPlaceWhileParked_andPassItOnWhenCompleted() {
    JobId job = story.submit(SPEC.withKey(new JobKey("k", 1)));
    story.park(story.nextTask(), MINUTE);
    JobId next = story.submit(SPEC.withKey(new JobKey("k", 1)));
    story.pass(Duration.ofSeconds(30));
    story.assertState(JobState.BLOCKED, next);
    story.complete(job, "token");
    story.assertState(JobState.QUEUED, next);
  }

  @Test
  void shouldEndTheRunOfAJobThatWasCancelledBefore() {
    JobId job = story.submit(SPEC.withKey(new JobKey("k", 1)));
    Task task = story.nextTask();
    story.lease(task);
    story.cancel(job);
    JobId next = story.submit(SPEC.withKey(new JobKey("k", 1)));
    story.assertState(JobState.BLOCKED, next);
    story.park(task, MINUTE);
    story.assertState(JobState.CANCELLED, job);
    story.assertState(JobState.QUEUED, next);
    assertEquals(TokenStanding.OVER, standing(job, "token"));
  }

  @Test
  void shouldNotLetAnotherWorkerRunIt_whenTheChannelDeliversItAgain() {
    JobId job = story.submit(SPEC);
    Task task = story.nextTask();
    story.park(task, MINUTE);
    assertTrue(story.ask(task, OTHER) instanceof Drop, "a second worker is not to call again");
    assertTrue(story.ask(task, ShardStory.WORKER) instanceof Drop, "nor the first");
    story.assertState(JobState.RUNNING, job);
    story.park(task, Duration.ofSeconds(5));
    story.pass(Duration.ofSeconds(30));
    story.assertState(JobState.RUNNING, job);
  }

  @Test
  void shouldTakeTheTokenOfTheWorkerThatHasTheTask_notOfOneThatWasSupplanted() {
    JobId job = story.submit(SPEC);
    Task task = story.nextTask();
    story.ask(task, OTHER);
    story.park(task, MINUTE);
    assertEquals(TokenStanding.EARLY, standing(job, "token"));
    story.complete(job, "token");
    story.assertState(JobState.RUNNING, job);
  }

  @Test
  void shouldForgetTheToken_whenTheJobIsDeleted() {
    JobId job = story.submit(SPEC);
    story.park(story.nextTask(), MINUTE);
    story.complete(job, "token");
    assertEquals(1, story.count('A'));
    story.append(new Delete(job));
    assertEquals(0, story.count('A'));
    assertEquals(List.of(), story.rowsOf(job));
  }

  private TokenStanding standing(JobId job, String token) {
    return TokenStanding.of(story.store, job, TokenHash.of(token));
  }

  private ErrorInfo errorOf(JobId job) {
    return Objects.requireNonNull(story.view(job).attempts().getFirst().error());
  }

  private static Outcome failed(boolean retryable) {
    return new Outcome.Failed(new ErrorInfo("oops", "it failed outside", null), retryable);
  }
}
