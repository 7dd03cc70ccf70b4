package dev.kanal.scheduler.engine.job;

import static dev.kanal.scheduler.engine.row.Tables.KEYS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.LogEntry.QueueChanged;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.common.queue.QueueDefaults;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.Scaling;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.shard.ShardStory;
import dev.kanal.scheduler.engine.table.KeyCodec.Pair;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Lines of waiting jobs when limits change, topics break and queues are deleted. */
final class WaitingLineTest {
  private static final JobSpec KEYED =
      JobSpec.of("sum", JsonBytes.of("{}")).withKey(new JobKey("k", 1));
  private static final JobSpec THREE = KEYED.withKey(new JobKey("k", 3));

  private final ShardStory story = ShardStory.ready();

  /** The line moves on with the next tick; who comes before that goes to its end. */
  @Test
  void shouldNotOvertakeTheLine_whenItsKeyHasJustGotMorePlaces() {
    List<JobId> jobs =
        List.of(story.submit(KEYED), story.submit(KEYED), story.submit(THREE), story.submit(THREE));
    story.tick();
    assertEquals(jobs.subList(0, 3), story.sentJobs());
    story.assertState(JobState.BLOCKED, jobs.get(3));
  }

  @Test
  void shouldLeaveNothingOfAKey_whoseOnlyJobCameTooLate() {
    JobId late = story.submit(KEYED.withDeadline(story.at()));
    story.assertState(JobState.EXPIRED, late);
    story.tick();
    assertNull(story.store.get(KEYS, new Pair("default", "k")));
  }

  /** Hazard 1: a topic that is gone. A limited queue does not try again and again. */
  @Test
  void shouldWaitForTheTopic_whenATaskOfALimitedQueueCannotBeSent() {
    QueueSettings one =
        new QueueSettings(4, 1_000, 1, null, 1, false, false, QueueDefaults.NONE, Scaling.DEFAULT);
    story.putQueue("default", one);
    JobId job = story.submit();
    story.dispatchFailed(story.nextTask());
    story.assertState(JobState.BLOCKED, job);
    assertEquals(0, story.tasksWaiting());
    story.queueReady("default", "topic-1");
    assertEquals(2, story.nextTask().dispatch());
  }

  @Test
  void shouldEndAllJobsOfAKey_whenTheirQueueIsDeletedWithItsTopics() {
    JobId out = story.submit(KEYED);
    JobId waiting = story.submit(KEYED);
    story.append(new QueueChanged("default", null, 50));
    story.tick();
    story.tick();
    assertEquals(Reason.QUEUE_DELETED, story.view(out).reason());
    assertEquals(Reason.QUEUE_DELETED, story.view(waiting).reason());
    assertEquals(0, story.count('o'));
  }

  @Test
  void shouldEndThoseBehindACancelledJob_whenTheQueueIsDeletedWithItsTask() {
    JobId cancelled = story.submit(KEYED);
    JobId waiting = story.submit(KEYED);
    story.cancel(cancelled);
    story.append(new QueueChanged("default", null, 50));
    story.tick();
    assertEquals(Reason.QUEUE_DELETED, story.view(waiting).reason());
  }

  @Test
  void shouldEndAJob_thatIsRetriedWhileItsQueueIsBeingDeleted() {
    JobId job = story.submit();
    Task task = story.nextTask();
    story.cancel(job);
    story.dispatchFailed(task);
    story.append(new QueueChanged("default", null, 50));
    story.append(new Retry(job, null));
    story.assertState(JobState.DEAD, job);
    assertEquals(Reason.QUEUE_DELETED, story.view(job).reason());
    assertEquals(0, story.count('o'));
  }
}
