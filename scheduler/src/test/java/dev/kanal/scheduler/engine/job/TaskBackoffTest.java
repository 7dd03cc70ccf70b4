package dev.kanal.scheduler.engine.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.shard.ShardStory;
import java.time.Duration;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A task says how long its job would wait if it failed: the least that a handler puts it off. */
final class TaskBackoffTest {
  private static final Backoff FIVE_SECONDS =
      new Backoff(Duration.ofSeconds(5), 2, Duration.ofMinutes(1), 0.2);

  private final ShardStory story = ShardStory.ready();

  @Test
  void shouldTellTheWaitOfTheJobsOwnPolicy_thatAFailureThenHas() {
    JobId job = story.submit(spec());
    Task first = story.nextTask();
    assertEquals(FIVE_SECONDS.after(job, 1), first.backoff());

    story.finish(
        first, new Outcome.Snoozed(first.backoff(), new ErrorInfo("snoozed", "later", null)));
    story.pass(first.backoff().plusMillis(1));
    Task again = story.nextTask();
    assertEquals(first.backoff(), again.backoff(), "a snooze is no failure");

    story.fail(again);
    story.pass(again.backoff().minusMillis(500));
    assertEquals(0, story.tasksWaiting());
    story.pass(Duration.ofSeconds(1));
    assertEquals(FIVE_SECONDS.after(job, 2), story.nextTask().backoff());
  }

  private static JobSpec spec() {
    return new JobSpec(
        "http",
        JsonBytes.of("{}"),
        JobSpec.DEFAULT_QUEUE,
        Priority.NORMAL,
        StartTime.NOW,
        JobSpec.DEFAULT_TIMEOUT,
        null,
        new RetryPolicy(5, FIVE_SECONDS),
        Map.of(),
        Retention.DEFAULT,
        null,
        null,
        null,
        null,
        null);
  }
}
