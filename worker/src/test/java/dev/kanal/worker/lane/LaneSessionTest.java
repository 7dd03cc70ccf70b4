package dev.kanal.worker.lane;

import static dev.kanal.worker.lane.LaneFixture.take;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.ManualClocks;
import dev.kanal.common.log.LogEntry.AskToRun;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.worker.pool.Slots.Release;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class LaneSessionTest {
  private final ManualClocks time = new ManualClocks();
  private final LaneFixture lane = new LaneFixture(time.clocks(), LaneSettings.DEFAULT);

  @AfterEach
  void end() throws InterruptedException {
    lane.close();
  }

  @Test
  void shouldAcceptOnlyAfterKafkaHasTheOutcome() throws Exception {
    lane.source.deliver(1);
    var listener = take(lane.started);
    listener.finish();
    var sent = take(lane.events.sent);
    assertEquals(0, lane.source.settled.size());
    assertEquals(0, lane.slots.released(Release.FINISHED));

    sent.acknowledge();

    assertEquals("1 ACCEPT", take(lane.source.settled));
    assertEquals(1, lane.slots.released(Release.FINISHED));
  }

  @Test
  void shouldAcceptAndReceiveMore_whenKafkaHasTheLease() throws Exception {
    lane.source.deliver(1);
    var slow = take(lane.started);
    time.advance(LaneSettings.DEFAULT.handOff());
    var lease = take(lane.events.sent);
    assertTrue(lease.entry() instanceof Leased);
    assertEquals(0, lane.source.settled.size());
    lease.acknowledge();
    assertEquals("1 ACCEPT", take(lane.source.settled));

    lane.source.deliver(2);
    var _ = take(lane.started);

    assertEquals(0, lane.slots.released(Release.FINISHED));
    slow.finish();
    take(lane.events.sent).acknowledge();
    assertEquals(1, lane.slots.released(Release.FINISHED));
  }

  @Test
  void shouldAcceptCopyWithoutRunningIt_whenTheRunIsKnown() throws Exception {
    lane.source.deliver(1, 1);
    var listener = take(lane.started);
    listener.finish();
    take(lane.events.sent).acknowledge();

    assertEquals("1 ACCEPT", take(lane.source.settled));
    assertEquals("1 ACCEPT", take(lane.source.settled));
    assertEquals(0, lane.started.size());
    assertEquals(1, lane.slots.released(Release.COPY));
  }

  @Test
  void shouldTouchNothing_whenItComesAfterTheLaneIsToStop() throws Exception {
    lane.source.meanwhile = lane.stop::stop;
    lane.source.deliver(1);

    assertEquals("closed", take(lane.source.settled));
    assertEquals(0, lane.started.size());
    assertEquals(0, lane.events.sent.size());
  }

  @Test
  void shouldAcceptAnOlderDispatchWithoutRunningIt_whenANewerHasCome() throws Exception {
    lane.source.deliver(LaneFixture.dispatch(1, 4));
    take(lane.started).finish();
    take(lane.events.sent).acknowledge();
    assertEquals("1 ACCEPT", take(lane.source.settled));

    lane.source.deliver(LaneFixture.dispatch(1, 3));

    assertEquals("1 ACCEPT", take(lane.source.settled));
    assertEquals(0, lane.started.size());
    assertEquals(0, lane.events.sent.size());
    assertEquals(1, lane.slots.released(Release.COPY));
  }

  @Test
  void shouldInterruptAndCloseUnsettled_whenRecordsAreToBeGivenBack() throws Exception {
    lane.source.deliver(1);
    var listener = take(lane.started);

    lane.stop.giveBack();

    assertEquals("1 STOP", take(lane.interrupts));
    assertEquals("closed", take(lane.source.settled));
    listener.finish();
    assertEquals(0, lane.events.sent.size());
    assertEquals(1, lane.slots.released(Release.GIVEN_BACK));
    assertEquals(LaneFixture.SLOTS, lane.slots.free());
  }

  /** Hazard 4C. */
  @Test
  void shouldTakeNothingNew_whenKafkaTakesNoOutcomeForLong() throws Exception {
    lane.source.deliver(1);
    var slow = take(lane.started);
    time.advance(LaneSettings.DEFAULT.handOff());
    take(lane.events.sent).acknowledge();
    assertEquals("1 ACCEPT", take(lane.source.settled));
    slow.finish();
    var unsent = take(lane.events.sent);

    time.advance(LaneSettings.DEFAULT.stallMax().plusMillis(1));
    assertEquals("closed", take(lane.source.settled));
    lane.source.deliver(2);
    assertNull(lane.started.poll(300, TimeUnit.MILLISECONDS));
    unsent.acknowledge();

    assertEquals(LaneFixture.task(2), take(lane.started).task());
  }

  /** A member that looks for its coordinator in vain keeps a core busy; and it cannot leave. */
  @Test
  void shouldStayAndAskForNothing_whileKafkaIsAway() throws Exception {
    assertTrue(lane.source.empties.tryAcquire(10, TimeUnit.SECONDS));

    lane.kafkaAway.set(true);
    // The wait that is under way, and no further one.
    lane.source.empties.drainPermits();
    assertFalse(lane.source.empties.tryAcquire(2, 1, TimeUnit.SECONDS));
    time.advance(LaneSettings.DEFAULT.stallMax().multipliedBy(2));
    lane.source.deliver(1);
    assertNull(lane.started.poll(300, TimeUnit.MILLISECONDS));
    assertEquals(0, lane.source.settled.size());
    lane.kafkaAway.set(false);

    assertEquals(new AskToRun(lane.run(LaneFixture.task(1))), take(lane.events.sent).entry());
  }

  /**
   * Others learn of the partitions of a lane that leaves only with their next heartbeat, and nobody
   * reads them until then.
   */
  @Test
  void shouldGrowOnlyAfterTwoHeartbeats_whenItsQueueGetsMoreSlots() throws Exception {
    awaitWaits();
    lane.slots.resize(4 * LaneFixture.SLOTS);

    pass(9);
    runFullBatches(1);
    awaitWaits();
    assertFalse(lane.source.settled.contains("closed"));

    time.advance(Duration.ofSeconds(1));
    runFullBatches(3);
    assertEquals("closed", take(lane.source.settled));
  }

  /** It keeps nobody from anything, and to join again costs as much as many tasks. */
  @Test
  void shouldKeepItsSize_whileItIsIdleAndItsQueueHasThatManySlots() throws Exception {
    awaitWaits();
    int size = LaneFixture.SLOTS / 8;
    lane.slots.resize(LaneFixture.SLOTS / 2);
    pass(15);
    lane.slots.resize(size);
    awaitWaits();
    assertFalse(lane.source.settled.contains("closed"));

    lane.slots.resize(size - 1);
    assertEquals("closed", take(lane.source.settled));
  }

  @Test
  void shouldLeaveForASmallerSize_whenItIsBusy() throws Exception {
    awaitWaits();
    lane.slots.resize(LaneFixture.SLOTS / 2);
    pass(15);
    lane.source.deliver(1);
    take(lane.started).finish();
    take(lane.events.sent).acknowledge();

    assertEquals("1 ACCEPT", take(lane.source.settled));
    assertEquals("closed", take(lane.source.settled));
  }

  /** Second by second, as after a longer pause it would ask before it runs anything. */
  private void pass(int seconds) throws InterruptedException {
    for (int i = 0; i < seconds; i++) {
      time.advance(Duration.ofSeconds(1));
      awaitWaits();
    }
  }

  /** Until it has asked for records twice: what changed before the second is seen by then. */
  private void awaitWaits() throws InterruptedException {
    lane.source.empties.drainPermits();
    assertTrue(lane.source.empties.tryAcquire(2, 10, TimeUnit.SECONDS));
  }

  /** Two of them, as many records each as the lane takes at once, which succeed. */
  private void runFullBatches(int round) throws InterruptedException {
    int records = LaneFixture.SLOTS / 8;
    for (int batch = round; batch < round + 2; batch++) {
      int first = batch * records;
      lane.source.deliver(IntStream.range(first, first + records).boxed().toArray(Integer[]::new));
      for (int i = 0; i < records; i++) {
        take(lane.started).finish();
        take(lane.events.sent).acknowledge();
      }
      for (int i = 0; i < records; i++) {
        assertTrue(take(lane.source.settled).endsWith(" ACCEPT"));
      }
    }
  }

  /** Hazard 4C. */
  @Test
  void shouldAnswerFromMemoryWithoutAsking_whenItRanTheTaskItself() throws Exception {
    lane.source.deliver(1);
    take(lane.started).finish();
    take(lane.events.sent).acknowledge();
    lane.source.redeliver(LaneFixture.task(1));

    assertEquals("1 ACCEPT", take(lane.source.settled));
    assertEquals("1 ACCEPT", take(lane.source.settled));
    assertEquals(0, lane.events.sent.size());
    assertEquals(0, lane.started.size());
  }
}
