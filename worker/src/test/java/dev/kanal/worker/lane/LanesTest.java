package dev.kanal.worker.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.Priority;
import dev.kanal.common.task.Task;
import java.time.Duration;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class LanesTest {
  private static final Channel CHANNEL = new Channel("q", Priority.NORMAL);
  private static final Duration FOR_EVER = Duration.ofHours(1);

  private final LaneFixture.ScriptedSource source = new LaneFixture.ScriptedSource();
  private final BlockingQueue<Task> started = new LinkedBlockingQueue<>();
  private final BlockingQueue<TaskRunner.Why> interrupts = new LinkedBlockingQueue<>();
  private final Lanes lanes;

  LanesTest() throws InterruptedException {
    var fixture = new LaneFixture(Clocks.system(), LaneSettings.DEFAULT.withHandOff(FOR_EVER));
    fixture.close();
    lanes = new Lanes(like(fixture.parts));
  }

  @AfterEach
  void end() throws InterruptedException {
    lanes.close(Duration.ZERO);
  }

  @Test
  void shouldOpenNone_onceTheWorkerDrains() {
    lanes.drain();
    lanes.open(CHANNEL, Set.of());
    lanes.reopen(CHANNEL, Set.of());
    assertEquals(Set.of(), lanes.channels());
  }

  @Test
  void shouldGiveBackTasks_alsoOfLanesThatWereToStopBefore() throws InterruptedException {
    lanes.reopen(CHANNEL, Set.of());
    source.deliver(1);
    var _ = LaneFixture.take(started);
    lanes.close(CHANNEL);
    assertEquals(Set.of(), lanes.channels());

    lanes.close(Duration.ZERO);

    assertEquals(TaskRunner.Why.STOP, interrupts.poll());
    assertEquals("closed", source.settled.poll());
  }

  /** The same with a source and handlers of this test. */
  private LaneParts like(LaneParts parts) {
    return new LaneParts(
        (_, _, _) -> source,
        parts.pool(),
        parts.recent(),
        parts.runs(),
        parts.cancels(),
        this::start,
        parts.reporter(),
        parts.settings(),
        parts.clocks(),
        parts.arrivals(),
        parts.ownTopics(),
        parts.kafkaAway());
  }

  /** A handler that ends when it is interrupted. */
  private TaskRunner.Running start(Task task, TaskRunner.Listener listener) {
    started.add(task);
    return why -> {
      interrupts.add(why);
      listener.ended();
    };
  }
}
