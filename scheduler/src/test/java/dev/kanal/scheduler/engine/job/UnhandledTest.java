package dev.kanal.scheduler.engine.job;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.TypesHandled;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.queue.Rate;
import dev.kanal.common.task.LifecycleEvent.DuplicateRun;
import dev.kanal.common.task.Suspicion;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.shard.ShardStory;
import java.time.Duration;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Tasks that come to workers without a handler for them, as in a rolling deploy. */
final class UnhandledTest {
  private static final Outcome ANNOUNCED = new Outcome.Unhandled("sum", true);
  private static final Outcome UNANNOUNCED = new Outcome.Unhandled("sum", false);
  private static final WorkerRef OTHER = new WorkerRef("w2", 9);

  private final ShardStory story = ShardStory.ready();

  @BeforeEach
  void knowsTypes() {
    story.append(new TypesHandled("default", null));
  }

  @Test
  void shouldGoOnToAnotherWorkerAtOnce_andLeaveNoAttempt() {
    JobId job = story.submit();
    Task first = story.nextTask();
    story.finish(first, ANNOUNCED);
    Task next = story.nextTask();
    assertEquals(1, next.attempt());
    assertEquals(2, next.dispatch());
    story.succeed(next);
    assertEquals(JobState.SUCCEEDED, story.view(job).state());
    assertEquals(1, story.view(job).attempts().size());
    assertEquals("succeeded", story.view(job).attempts().getFirst().outcome());
    assertEquals(1, story.view(job).attempt());
  }

  @Test
  void shouldNeverCountAnAttempt_howeverLongWorkersHandItBack() {
    JobSpec spec = JobSpec.of("sum", JsonBytes.of("{}"));
    JobId job = story.submit(spec.withRetry(new RetryPolicy(1, spec.retry().backoff())));
    for (int second = 0; second < 3_600; second++) {
      while (story.tasksWaiting() > 0) {
        story.finish(story.nextTask(), UNANNOUNCED);
      }
      story.pass(Duration.ofSeconds(1));
    }
    while (story.tasksWaiting() == 0) {
      story.pass(Duration.ofSeconds(1));
    }
    assertEquals(List.of(), story.view(job).attempts());
    story.succeed(story.nextTask());
    story.assertState(JobState.SUCCEEDED, job);
  }

  /** A task that nobody can run must not keep everybody busy. */
  @Test
  void shouldGoOnEverMoreSlowly_upToTheLongestWait() {
    story.submit();
    int sent = 0;
    for (int ms = 0; ms < 60_000; ms += 10) {
      while (story.tasksWaiting() > 0) {
        story.finish(story.nextTask(), UNANNOUNCED);
        sent++;
        assertTrue(sent < 100, "sent again and again");
      }
      story.away(Duration.ofMillis(10));
      story.tick();
    }
    assertTrue(sent >= 30, "at least every " + OutcomeDecisions.HAND_ON_MAX + ": " + sent);
  }

  @Test
  void shouldSayNothing_whenAnotherWorkerHasTheTask() {
    JobId job = story.submit();
    Task task = story.nextTask();
    story.lease(task);
    story.append(new Finished(ShardStory.run(task, OTHER), story.at(), story.at(), UNANNOUNCED));
    story.assertState(JobState.RUNNING, job);
    assertEquals(0, story.tasksWaiting());
    story.succeed(task);
    story.assertState(JobState.SUCCEEDED, job);
  }

  @Test
  void shouldBeNoDuplicateRun_whenItIsReportedTwice() {
    story.submit();
    Task task = story.nextTask();
    story.finish(task, ANNOUNCED);
    story.finish(task, ANNOUNCED);
    assertEquals(1, story.tasksWaiting());
    assertTrue(story.published().stream().noneMatch(DuplicateRun.class::isInstance));
  }

  @Test
  void shouldEndTheRunOfAJobThatHasEnded_withoutAnAttempt() {
    JobId job = story.submit(JobSpec.of("sum", JsonBytes.of("{}")).withKey(new JobKey("k", 1)));
    JobId next = story.submit(JobSpec.of("sum", JsonBytes.of("{}")).withKey(new JobKey("k", 1)));
    Task task = story.nextTask();
    story.cancel(job);
    story.finish(task, ANNOUNCED);
    story.assertState(JobState.CANCELLED, job);
    assertEquals(List.of(), story.view(job).attempts());
    assertEquals(next, story.nextTask().job(), "its key is free");
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
    assertEquals(Suspicion.LOST, story.nextTask().suspicion());
  }

  /** A worker that asks first holds the lease when it finds that it has no handler. */
  @Test
  void shouldGoOn_whenTheWorkerThatWasGrantedItHasNoHandler() {
    story.submit();
    Task task = story.nextTask();
    story.ask(task, OTHER);
    story.append(new Finished(ShardStory.run(task, OTHER), story.at(), story.at(), ANNOUNCED));
    assertEquals(2, story.nextTask().dispatch());
  }

  @Test
  void shouldCostNoToken() {
    story.putQueue("default", limited(null, new Rate(1, Duration.ofMinutes(1))));
    JobId job = story.submit();
    for (int i = 0; i < 5; i++) {
      story.finish(story.nextTask(), ANNOUNCED);
      story.pass(Duration.ofSeconds(2));
    }
    story.succeed(story.nextTask());
    story.assertState(JobState.SUCCEEDED, job);
    JobId second = story.submit();
    story.assertState(JobState.BLOCKED, second);
    story.pass(Duration.ofSeconds(48));
    assertEquals(0, story.tasksWaiting(), "the rate holds for those that were run");
    story.pass(Duration.ofSeconds(3));
    assertEquals(second, story.nextTask().job());
  }

  /** The first that nobody runs hands its permit on. */
  @Test
  void shouldHoldNoPermit_onceItWaitsForAWorker() {
    story.putQueue("default", limited(1, null));
    JobId job = story.submit();
    JobId other = story.submit(JobSpec.of("mail", JsonBytes.of("{}")));
    Task task = story.nextTask();
    story.append(new TypesHandled("default", List.of("mail")));
    story.finish(task, UNANNOUNCED);
    story.assertState(JobState.BLOCKED, job);
    assertEquals(other, story.nextTask().job());
    assertEquals(List.of(), story.view(job).attempts());
  }

  @Test
  void shouldKeepItsPace_whereverTheShardIs() {
    JobId job = story.submit();
    story.finish(story.nextTask(), UNANNOUNCED);
    story.pass(Duration.ofSeconds(1));
    story.move();
    story.finish(story.nextTask(), UNANNOUNCED);
    story.assertState(JobState.RETRYING, job);
    story.pass(Duration.ofSeconds(1));
    assertEquals(1, story.tasksWaiting());
  }

  private static QueueSettings limited(@Nullable Integer concurrency, @Nullable Rate rate) {
    QueueSettings plain = QueueSettings.of(4, 1_000);
    return new QueueSettings(
        plain.partitions(),
        plain.capacity(),
        concurrency,
        rate,
        plain.weight(),
        plain.strict(),
        plain.paused(),
        plain.defaults(),
        plain.scaling());
  }
}
