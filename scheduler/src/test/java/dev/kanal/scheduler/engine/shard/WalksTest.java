package dev.kanal.scheduler.engine.shard;

import static dev.kanal.scheduler.engine.row.Tables.CHANNEL_WALKS;
import static dev.kanal.scheduler.engine.row.Tables.KEY_WALKS;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.bulkaction.BulkAction;
import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.channel.Channel;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.log.LogEntry.BulkActionPart;
import dev.kanal.common.log.LogEntry.QueueChanged;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.LogEntry.SubmitChild;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.job.ChildDecisions;
import dev.kanal.scheduler.engine.job.ChildRow;
import dev.kanal.scheduler.engine.row.Tables;
import dev.kanal.scheduler.engine.step.EngineRules;
import dev.kanal.scheduler.engine.table.KeyCodec.Pair;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Hazard 11: what takes many steps does not hold up what takes few. */
final class WalksTest {
  private static final int LARGE = 6_000;
  private static final int SMALL = 3;
  private static final JobSpec SPEC = JobSpec.of("sum", JsonBytes.of("{}"));

  /** Every kind of walk. The names of queues and keys put the large one before the small one. */
  enum Kind {
    KEY,
    QUEUE,
    CHANNEL,
    CHILDREN,
    BULK
  }

  @ParameterizedTest
  @EnumSource(Kind.class)
  void shouldServeASmallWalkSoon_besideALargeOneOfAnyKind(Kind large) {
    for (Kind small : Kind.values()) {
      ShardStory story = ShardStory.ready();
      Walk first = walk(story, large, "a", large == Kind.CHILDREN ? ChildDecisions.MAX : LARGE);
      Walk second = walk(story, small, "b", SMALL);
      first.begin.run();
      second.begin.run();
      int ticks = 0;
      while (!second.done.getAsBoolean()) {
        story.tick();
        assertTrue(++ticks <= 3, () -> small + " beside " + large);
      }
      assertTrue(!first.done.getAsBoolean(), () -> large + " takes longer than " + small);
    }
  }

  /** More walks than a step has turns: it goes on where the last step ended, wherever that is. */
  @Test
  void shouldServeAllInTurn_howeverManyThereAre() {
    ShardStory story = new ShardStory();
    int queues = 1_300;
    int each = 10;
    for (int i = 0; i < queues; i++) {
      submit(story, "q" + i, each);
    }
    for (int i = 0; i < queues; i++) {
      story.append(new QueueReady("q" + i, Priority.NORMAL, "topic"));
    }
    // A topic that is new is two walks: what was sent before, and what waits.
    for (int step = 0; step * EngineRules.DEFAULT.itemsMax() < 2 * queues; step++) {
      story.tick();
      story.move();
    }
    for (int i = 0; i < queues; i++) {
      assertTrue(story.count("q" + i, JobState.QUEUED) > 0, "queue " + i + " had its turn");
    }
    for (int i = 0; i < 30; i++) {
      story.tick();
    }
    assertEquals(queues * each, story.tasksWaiting());
    assertNull(story.store.get(Tables.TURN), "no turn is noted once there is nothing to do");
  }

  @Test
  void shouldServeWalks_besideManyTimers() {
    ShardStory story = ShardStory.ready();
    for (int i = 0; i < 3_000; i++) {
      story.submit(SPEC.withQueue("other").withStart(new StartTime.After(Duration.ofSeconds(1))));
    }
    Walk walk = walk(story, Kind.QUEUE, "b", 200);
    walk.begin.run();
    story.away(Duration.ofSeconds(1));
    story.tick();
    assertTrue(walk.done.getAsBoolean());
    assertEquals(250, story.count("other", JobState.BLOCKED));
    assertEquals(0, story.nextTickMs(), "the rest is due");
  }

  /** What is left to the ticks, and whether it is done. */
  private record Walk(Runnable begin, BooleanSupplier done) {}

  private static Walk walk(ShardStory story, Kind kind, String name, int size) {
    return switch (kind) {
      case KEY -> key(story, name, size);
      case QUEUE -> queue(story, name, size);
      case CHANNEL -> channel(story, name, size);
      case CHILDREN -> children(story, name, size);
      case BULK -> bulk(story, name, size);
    };
  }

  private static Walk key(ShardStory story, String name, int size) {
    for (int i = 0; i <= size; i++) {
      story.submit(SPEC.withKey(new JobKey(name, 1)));
    }
    String queue = SPEC.queue();
    return new Walk(
        () -> story.submit(SPEC.withKey(new JobKey(name, 1_000))),
        () -> !story.store.has(KEY_WALKS, new Pair(queue, name)));
  }

  private static Walk queue(ShardStory story, String name, int size) {
    String queue = "walk-" + name;
    QueueSettings settings = QueueSettings.of(4, 1_000_000);
    story.queueReady(queue, "topic");
    story.putQueue(queue, settings.withPaused(true));
    submit(story, queue, size);
    return new Walk(
        () -> story.append(new QueueChanged(queue, settings, story.lastOffset() + 1)),
        () -> story.count(queue, JobState.QUEUED) == size);
  }

  private static Walk channel(ShardStory story, String name, int size) {
    String queue = "lane-" + name;
    story.queueReady(queue, "topic");
    submit(story, queue, size);
    return new Walk(
        () -> story.append(new QueueReady(queue, Priority.NORMAL, "anew")),
        () -> story.store.get(CHANNEL_WALKS, new Channel(queue, Priority.NORMAL), -1) == -1);
  }

  private static Walk children(ShardStory story, String name, int size) {
    JobId parent = story.submit(SPEC.withQueue("children-" + name));
    story.queueReady("children-" + name, "topic");
    Task task = null;
    while (task == null || !task.job().equals(parent)) {
      task = story.nextTask();
    }
    for (int i = 0; i < size; i++) {
      JobId child = JobId.of(1, 1_000, i);
      story.append(
          new SubmitChild(
              ShardStory.run(task, ShardStory.WORKER),
              "c" + i,
              child,
              SPEC.withParent(parent),
              TraceContext.NONE,
              false));
    }
    return new Walk(() -> story.cancel(parent), () -> !story.store.has(ChildRow.WALKS, parent));
  }

  private static Walk bulk(ShardStory story, String name, int size) {
    String queue = "bulk-" + name;
    submit(story, queue, size);
    JobFilter filter = JobFilter.ALL.withQueue(queue).withStates(Set.of(JobState.BLOCKED));
    BulkActionOrder order = new BulkActionOrder(BulkAction.CANCEL, filter, List.of(), false);
    return new Walk(
        () -> {
          JobId id = JobId.of(0, 1_000, name.hashCode());
          story.append(new BulkActionPart(id, order, Instant.ofEpochMilli(Long.MAX_VALUE / 2)));
        },
        () -> story.count(queue, JobState.CANCELLED) == size);
  }

  private static void submit(ShardStory story, String queue, int jobs) {
    for (int i = 0; i < jobs; i++) {
      story.submit(SPEC.withQueue(queue));
    }
  }
}
