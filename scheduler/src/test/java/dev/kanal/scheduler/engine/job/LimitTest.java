package dev.kanal.scheduler.engine.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.LogEntry.DeleteQueue;
import dev.kanal.common.log.LogEntry.PutQueue;
import dev.kanal.common.log.LogEntry.QueueChanged;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.Shards;
import dev.kanal.common.queue.QueueDefaults;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.Rate;
import dev.kanal.common.queue.Scaling;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.shard.ShardStory;
import dev.kanal.scheduler.engine.step.Effect;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** A queue's concurrency, rate and pause switch, and how its settings reach every shard. */
final class LimitTest {
  private static final Duration SECOND = Duration.ofSeconds(1);

  private final ShardStory story = ShardStory.ready();

  @Test
  void shouldLetNoMoreOutThanTheConcurrency_inSubmitOrder() {
    story.putQueue("default", settings(2, null));
    List<JobId> jobs = List.of(story.submit(), story.submit(), story.submit(), story.submit());
    Task first = story.nextTask();
    Task second = story.nextTask();
    assertTrue(first.permit());
    assertEquals(0, story.tasksWaiting());
    story.assertState(JobState.BLOCKED, jobs.get(2));
    story.succeed(second);
    assertEquals(jobs.get(2), story.nextTask().job());
    story.fail(first);
    assertEquals(jobs.get(3), story.nextTask().job());
  }

  @Test
  void shouldCountWhatWasOutBefore_whenALimitIsSet() {
    List<Task> out = List.of(submitted(), submitted(), submitted());
    story.putQueue("default", settings(2, null));
    JobId next = story.submit();
    story.succeed(out.get(0));
    story.assertState(JobState.BLOCKED, next);
    story.succeed(out.get(1));
    assertEquals(next, story.nextTask().job());
  }

  @Test
  void shouldLetMoreOut_whenTheLimitGrowsOrGoes() {
    story.putQueue("default", settings(1, null));
    for (int i = 0; i < 10; i++) {
      story.submit();
    }
    assertEquals(1, story.tasksWaiting());
    story.putQueue("default", settings(4, null));
    assertEquals(4, story.tasksWaiting());
    story.putQueue("default", settings(null, null));
    assertEquals(10, story.tasksWaiting());
  }

  @Test
  void shouldGiveThePermitOn_onlyWhenTheRunOfACancelledJobIsOver() {
    story.putQueue("default", settings(1, null));
    JobId first = story.submit();
    story.submit();
    Task task = story.nextTask();
    story.lease(task);
    story.cancel(first);
    assertEquals(0, story.tasksWaiting());
    story.finish(task, new Outcome.Cancelled());
    assertEquals(1, story.tasksWaiting());
  }

  @Test
  void shouldSendHighPriorityFirst_whenAPermitComesBack() {
    story.append(new QueueReady("default", Priority.HIGH, "topic-h"));
    story.putQueue("default", settings(1, null));
    story.submit();
    JobId normal = story.submit();
    JobId high = story.submit(JobSpec.of("sum", JsonBytes.of("{}")).withPriority(Priority.HIGH));
    story.succeed(story.nextTask());
    Task next = story.nextTask();
    assertEquals(high, next.job());
    story.succeed(next);
    assertEquals(normal, story.nextTask().job());
  }

  @Test
  void shouldKeepToTheRate() {
    story.putQueue("default", settings(null, new Rate(5, SECOND)));
    for (int i = 0; i < 20; i++) {
      story.submit();
    }
    assertEquals(5, story.tasksWaiting(), "a burst of what the bucket holds");
    for (int second = 1; second <= 3; second++) {
      for (int i = 0; i < 10; i++) {
        story.pass(Duration.ofMillis(100));
      }
      assertEquals(5 + 5 * second, story.tasksWaiting());
    }
  }

  @Test
  void shouldNotOvertakeThoseThatWaitForATicket() {
    story.putQueue("default", settings(null, new Rate(1, SECOND)));
    story.submit();
    JobId waiting = story.submit();
    story.away(SECOND.multipliedBy(5));
    JobId late = story.submit();
    story.tick();
    assertEquals(waiting, story.sentJobs().get(1));
    story.assertState(JobState.BLOCKED, late);
  }

  @Test
  void shouldSendNothingWhilePaused_andGoOnWhereItStopped() {
    story.putQueue("default", settings(null, null).withPaused(true));
    List<JobId> jobs = List.of(story.submit(), story.submit());
    story.pass(SECOND);
    assertEquals(0, story.tasksWaiting());
    story.assertState(JobState.BLOCKED, jobs.getFirst());
    story.putQueue("default", settings(null, null));
    assertEquals(jobs, story.sentJobs());
  }

  @Test
  void shouldTellEveryShardOnce_whenItsHomeDecides() {
    String queue = "q" + homeIn(0);
    story.append(new PutQueue(queue, settings(3, null)));
    List<Effect.Relay> relays = relays();
    assertEquals(15, relays.size());
    assertTrue(
        relays.stream()
            .allMatch(
                each ->
                    each.entry() instanceof QueueChanged changed
                        && changed.revision() == story.lastOffset()));
    assertTrue(story.effects.stream().anyMatch(Effect.Publish.class::isInstance));
  }

  @Test
  void shouldNotListenToAnOlderRevision() {
    story.append(new QueueChanged("default", settings(1, null), 100));
    story.append(new QueueChanged("default", settings(9, null), 99));
    story.tick();
    story.submit();
    story.submit();
    assertEquals(1, story.tasksWaiting());
  }

  @Test
  void shouldEndWhatWaits_whenAQueueIsDeleted_andNotWhatComesLater() {
    JobId out = story.submit();
    story.nextTask();
    story.append(new QueueChanged("default", null, 50));
    story.tick();
    JobId late = story.submit();
    assertEquals(Reason.QUEUE_DELETED, story.view(out).reason());
    story.assertState(JobState.BLOCKED, late);
    story.queueReady("default", "topic-9");
    story.assertState(JobState.QUEUED, late);
    JobId next = story.submit();
    story.assertState(JobState.QUEUED, next);
  }

  @Test
  void shouldIgnoreTheDeletionOfAQueueOfWhichNothingIsKnown() {
    story.append(new DeleteQueue("q" + homeIn(0)));
    assertTrue(relays().isEmpty());
  }

  @Test
  void shouldSayStrictOnTheTask() {
    QueueSettings strict =
        new QueueSettings(
            4, 1_000, null, null, 1, true, false, QueueDefaults.NONE, Scaling.DEFAULT);
    assertFalse(submitted().strict());
    story.putQueue("default", strict);
    assertTrue(submitted().strict());
  }

  /**
   * A thousand blocked jobs are let go over several steps, none of which handles more than its
   * bound.
   */
  @Test
  void shouldResumeAThousandInBoundedSteps() {
    story.putQueue("default", settings(null, null).withPaused(true));
    for (int i = 0; i < 1_200; i++) {
      story.submit();
    }
    story.append(new QueueChanged("default", settings(null, null), 10_000));
    for (int expected : new int[] {500, 1_000, 1_200}) {
      story.tick();
      assertEquals(expected, story.tasksWaiting());
    }
  }

  private List<Effect.Relay> relays() {
    return story.effects.stream()
        .filter(Effect.Relay.class::isInstance)
        .map(Effect.Relay.class::cast)
        .toList();
  }

  private Task submitted() {
    story.submit();
    return story.nextTask();
  }

  private static int homeIn(int shard) {
    for (int i = 0; ; i++) {
      if (new Shards(16).ofQueue("q" + i) == shard) {
        return i;
      }
    }
  }

  private static QueueSettings settings(@Nullable Integer concurrency, @Nullable Rate rate) {
    return new QueueSettings(
        4, 1_000, concurrency, rate, 1, false, false, QueueDefaults.NONE, Scaling.DEFAULT);
  }
}
