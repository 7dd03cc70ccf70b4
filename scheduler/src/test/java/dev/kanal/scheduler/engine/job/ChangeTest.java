package dev.kanal.scheduler.engine.job;

import static dev.kanal.scheduler.engine.row.Tables.BULKS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.bulkaction.BulkAction;
import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.channel.Channel;
import dev.kanal.common.control.ControlMessage.CancelRun;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.log.LogEntry.BulkActionPart;
import dev.kanal.common.log.LogEntry.DispatchFailed;
import dev.kanal.common.log.LogEntry.Reschedule;
import dev.kanal.common.log.LogEntry.RetryChanged;
import dev.kanal.common.queue.QueueDefaults;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.Scaling;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.query.JobView;
import dev.kanal.scheduler.engine.row.Body;
import dev.kanal.scheduler.engine.row.BulkActionRow;
import dev.kanal.scheduler.engine.shard.ShardStory;
import dev.kanal.scheduler.engine.step.Effect;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Jobs that are to go on otherwise: at another time, with another payload, in another queue. */
final class ChangeTest {
  private static final JobSpec SPEC = JobSpec.of("sum", JsonBytes.of("{}"));
  private static final JobKey KEY = new JobKey("k", 1);
  private static final Duration MINUTE = Duration.ofMinutes(1);
  private static final QueueSettings LIMITED =
      new QueueSettings(4, 1_000, 1, null, 1, false, false, QueueDefaults.NONE, Scaling.DEFAULT);

  private final ShardStory story = ShardStory.ready();

  @Test
  void shouldStartAtItsNewTime_beItEarlierOrLater() {
    for (int seconds : new int[] {30, 90}) {
      JobId job = story.submit(SPEC.withStart(new StartTime.After(MINUTE)));
      story.append(new Reschedule(job, new StartTime.After(Duration.ofSeconds(seconds))));
      assertEquals(story.at().plusSeconds(seconds), story.view(job).runAt());
      story.pass(Duration.ofSeconds(seconds - 1));
      story.assertState(JobState.SCHEDULED, job);
      story.pass(Duration.ofSeconds(1));
      assertEquals(job, story.nextTask().job());
    }
    JobId now = story.submit(SPEC.withStart(new StartTime.After(MINUTE)));
    story.append(new Reschedule(now, new StartTime.At(story.at().minusSeconds(5))));
    assertEquals(now, story.nextTask().job());
    assertEquals(0, story.count('t'), "no timer is left");
  }

  @Test
  void shouldMakeTheNextAttemptAtItsNewTime() {
    JobId job = story.submit();
    story.fail(story.nextTask());
    story.append(new Reschedule(job, new StartTime.After(MINUTE)));
    story.assertState(JobState.RETRYING, job);
    story.pass(MINUTE.minusSeconds(1));
    assertEquals(0, story.tasksWaiting());
    story.pass(Duration.ofSeconds(1));
    assertEquals(2, story.nextTask().attempt());
  }

  @Test
  void shouldKeepItsPlaceInItsKeysLine_andThenWaitForItsTime() {
    JobId first = story.submit(SPEC.withKey(KEY));
    JobId second = story.submit(SPEC.withKey(KEY));
    JobId third = story.submit(SPEC.withKey(KEY));
    long version = story.view(second).version();
    story.append(new Reschedule(second, new StartTime.After(MINUTE)));
    story.assertState(JobState.BLOCKED, second);
    assertTrue(story.view(second).version() > version, "who looks again sees a change");
    story.succeed(story.nextTask());
    story.assertState(JobState.SUCCEEDED, first);
    story.assertState(JobState.SCHEDULED, second);
    story.assertState(JobState.BLOCKED, third);
    story.pass(MINUTE);
    assertEquals(List.of(second), story.sentJobs());
  }

  @Test
  void shouldLeaveTheLineOfItsQueue_untilItsNewTime() {
    story.putQueue("default", QueueSettings.of(4, 1_000).withPaused(true));
    JobId job = story.submit();
    story.append(new Reschedule(job, new StartTime.After(MINUTE)));
    story.assertState(JobState.SCHEDULED, job);
    story.putQueue("default", QueueSettings.of(4, 1_000));
    assertEquals(0, story.tasksWaiting());
    story.pass(MINUTE);
    assertEquals(job, story.nextTask().job());
  }

  @Test
  void shouldNotGiveAnotherTime_whereATaskMayBeOut_orTheDeadlineComesFirst() {
    JobId queued = story.submit();
    JobId running = story.submit();
    JobId unsent = story.submit();
    JobId done = story.submit();
    story.nextTask();
    story.lease(story.nextTask());
    story.dispatchFailed(story.nextTask());
    story.succeed(story.nextTask());
    Instant deadline = story.at().plus(MINUTE);
    JobId late =
        story.submit(
            SPEC.withStart(new StartTime.After(Duration.ofSeconds(30))).withDeadline(deadline));
    for (JobId job : List.of(queued, running, unsent, done, late)) {
      long before = story.view(job).version();
      story.append(new Reschedule(job, new StartTime.After(MINUTE)));
      assertEquals(before, story.view(job).version());
      assertTrue(story.view(job).commandOffset() < story.lastOffset());
    }
    story.append(new Reschedule(late, new StartTime.At(deadline.minusMillis(1))));
    assertEquals(deadline.minusMillis(1), story.view(late).runAt());
  }

  @Test
  void shouldRunAgainWithAnotherPayload_whateverItsSize_andKeepItsAttempts() {
    JsonBytes large = JsonBytes.of("\"" + "x".repeat(Body.SMALL) + "\"");
    JobId job = dead(SPEC);
    for (JsonBytes payload : List.of(large, JsonBytes.of("1"), large, large, JsonBytes.of("2"))) {
      story.append(new RetryChanged(job, null, payload, null));
      assertEquals(payload, story.view(job).spec().payload());
      assertEquals(payload.length() > Body.SMALL ? 1 : 0, story.count('p'));
      Task task = story.nextTask();
      assertEquals(payload, task.payload());
      fail(task);
    }
    assertEquals(6, story.view(job).attempts().size());
    assertEquals(JobState.DEAD, story.view(job).state());
    story.pass(Duration.ofDays(31));
    assertEquals(List.of(), story.rowsOf(job));
  }

  @Test
  void shouldRunAgainInAnotherQueue_withItsAttempts() {
    story.queueReady("slow", "topic-2");
    JobId job = dead(SPEC);
    story.append(new RetryChanged(job, null, null, "slow"));
    JobView view = story.view(job);
    assertEquals("slow QUEUED", view.spec().queue() + " " + view.state());
    assertEquals(1, view.attempts().size());
    assertEquals(1, story.count("slow", JobState.QUEUED));
    assertEquals(0, story.count("default", JobState.DEAD));
    assertEquals(0, story.count('F'), "it is no failure of its queue any more");
    story.succeed(story.nextTask());
    story.assertState(JobState.SUCCEEDED, job);
  }

  @Test
  void shouldNotLeaveTheQueueThatKeepsItsKeyOrPermit() {
    story.putQueue("tight", LIMITED);
    story.queueReady("slow", "topic-2");
    JobId lingering = story.submit();
    story.lease(story.nextTask());
    story.cancel(lingering);
    JobId keyed = dead(SPEC.withKey(KEY));
    JobId once = dead(SPEC.withIdempotency(new Idempotency("once", 1, 2)));
    for (JobId job : List.of(keyed, once, lingering)) {
      story.append(new RetryChanged(job, null, null, "slow"));
      assertTrue(story.view(job).state().isFinal());
      assertEquals("default", story.view(job).spec().queue());
    }
    JobId free = dead(SPEC);
    story.append(new RetryChanged(free, null, null, "tight"));
    story.assertState(JobState.DEAD, free);
    story.append(new RetryChanged(keyed, null, JsonBytes.of("7"), "default"));
    story.assertState(JobState.QUEUED, keyed);
  }

  @Test
  void shouldMoveWhatWaits_andNothingElse() {
    story.queueReady("slow", "topic-2");
    JobId done = story.submit();
    story.succeed(story.nextTask());
    JobId running = story.submit();
    story.lease(story.nextTask());
    JobId retrying = story.submit();
    story.fail(story.nextTask());
    JobId queued = story.submit();
    final Task old = story.nextTask();
    JobId scheduled = story.submit(SPEC.withStart(new StartTime.After(MINUTE)));
    JobId first = story.submit(SPEC.withKey(KEY));
    JobId behind = story.submit(SPEC.withKey(KEY));
    JobId unsent = story.submit();
    var _ = story.sentJobs();
    story.append(new DispatchFailed(unsent, 1, "no topic"));
    story.effects.clear();

    BulkActionRow row = move("slow");

    assertEquals(new BulkActionRow.Tally(6, 4, 2, 0), row.tally());
    for (JobId job : List.of(retrying, queued, scheduled, unsent)) {
      assertEquals("slow", story.view(job).spec().queue(), () -> "job " + job);
    }
    for (JobId job : List.of(done, running, first, behind)) {
      assertEquals("default", story.view(job).spec().queue(), () -> "job " + job);
    }
    story.assertState(JobState.RETRYING, retrying);
    story.assertState(JobState.SCHEDULED, scheduled);
    assertEquals(2, story.count("slow", JobState.QUEUED));
    assertTrue(story.controls().contains(new CancelRun(queued, 1)), "its worker is asked to stop");
    story.finish(old, new Outcome.Cancelled());
    story.assertState(JobState.QUEUED, queued);
    assertEquals(Set.of(queued, unsent), Set.copyOf(story.sentJobs()));
    story.pass(MINUTE);
    assertTrue(story.sentJobs().containsAll(List.of(retrying, scheduled)));
    assertEquals(0, story.count('b'), "nothing is left in a line");
    story.move();
    assertEquals(4, story.count("slow", JobState.QUEUED));
  }

  @Test
  void shouldMoveToAQueueAsItIs_pausedUnreadyOrDeleted() {
    JobId job = story.submit(SPEC.withStart(new StartTime.After(MINUTE)));
    JobId queued = story.submit();
    story.putQueue("slow", QueueSettings.of(4, 1_000).withPaused(true));
    move("slow");
    story.pass(MINUTE);
    List.of(job, queued).forEach(each -> story.assertState(JobState.BLOCKED, each));
    assertTrue(story.effects.contains(new Effect.Wanted(new Channel("slow", Priority.NORMAL))));
    var _ = story.sentJobs();
    story.queueReady("slow", "topic-2");
    assertEquals(0, story.tasksWaiting());
    story.putQueue("slow", QueueSettings.of(4, 1_000));
    assertEquals(Set.of(job, queued), Set.copyOf(story.sentJobs()));
  }

  @Test
  void shouldNotTakeFromALimitedQueue_whatIsOut() {
    story.queueReady("slow", "topic-2");
    story.putQueue("default", LIMITED);
    JobId out = story.submit();
    JobId waits = story.submit();
    move("slow");
    assertEquals("default", story.view(out).spec().queue());
    assertEquals("slow", story.view(waits).spec().queue());
    assertEquals(2, story.tasksWaiting());
  }

  /** All jobs of the default queue that wait; its row when it is done. */
  private BulkActionRow move(String queue) {
    Set<JobState> waiting =
        Set.of(JobState.SCHEDULED, JobState.BLOCKED, JobState.QUEUED, JobState.RETRYING);
    JobFilter filter = JobFilter.ALL.withQueue("default").withStates(waiting);
    JobId id = JobId.of(0, 1_000, 77);
    BulkActionOrder order = new BulkActionOrder(BulkAction.MOVE, filter, List.of(), false, queue);
    story.append(new BulkActionPart(id, order, story.at()));
    for (int i = 0; i < 5; i++) {
      story.tick();
    }
    BulkActionRow row = Objects.requireNonNull(story.store.get(BULKS, id), "row");
    assertEquals(BulkActionRow.Status.DONE, row.status());
    return row;
  }

  private JobId dead(JobSpec spec) {
    JobId job = story.submit(spec);
    fail(story.nextTask());
    return job;
  }

  private void fail(Task task) {
    story.finish(task, new Outcome.Failed(new ErrorInfo("no", "never", null), false));
  }
}
