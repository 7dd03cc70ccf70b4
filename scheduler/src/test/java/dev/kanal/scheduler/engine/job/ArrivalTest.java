package dev.kanal.scheduler.engine.job;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.row.Counts;
import dev.kanal.scheduler.engine.shard.ShardStory;
import java.time.Duration;
import org.junit.jupiter.api.Test;

/** What counts as a job that arrives: one that is new, and nothing else. */
final class ArrivalTest {
  private final ShardStory story = ShardStory.ready();

  @Test
  void shouldCountANewJobOnce_howeverOftenItIsTried() {
    JobId job = story.submit();
    for (int i = 0; i < 5; i++) {
      Task task = story.nextTask();
      story.lease(task);
      story.fail(task);
      story.assertState(JobState.RETRYING, job);
      story.pass(Duration.ofMinutes(5));
    }

    assertEquals(1, story.submitted("default"));
    assertEquals(6, arrived());
  }

  @Test
  void shouldCountADelayedJob_whenItIsSubmitted() {
    JobSpec later =
        JobSpec.of("sum", JsonBytes.of("{}")).withStart(new StartTime.After(Duration.ofHours(1)));
    story.submit(later);
    assertEquals(1, story.submitted("default"));
    assertEquals(0, arrived());

    story.pass(Duration.ofHours(1));

    assertEquals(1, story.submitted("default"));
    assertEquals(1, arrived());
  }

  @Test
  void shouldCountNothing_whenTheShardMovesOrAJobIsCancelled() {
    JobId job = story.submit();
    story.move();
    assertEquals(0, story.submitted("default"));

    story.cancel(job);
    story.tick();

    assertEquals(0, story.submitted("default"));
    assertEquals(0, story.submitted("other"));
  }

  private long arrived() {
    return Counts.of(story.store, "default").arrived();
  }
}
