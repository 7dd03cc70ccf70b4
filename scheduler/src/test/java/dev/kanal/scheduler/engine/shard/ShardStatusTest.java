package dev.kanal.scheduler.engine.shard;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a shard asks for a tick. */
final class ShardStatusTest {
  private static final Duration PATIENCE = TicksAhead.PATIENCE;

  private final ShardStatus shard = new ShardStatus(0, new MapStore(), Set.of(), 0, 0);
  private long nanos = 1;

  @BeforeEach
  void wantsATick() {
    shard.applied(1, 0, 0);
  }

  @Test
  void noneIsAskedFor_beforeWhatStoodThereIsRead() {
    ShardStatus behind = new ShardStatus(0, new MapStore(), Set.of(), 10, 1);

    assertFalse(behind.takeTick(nanos, 1));
    behind.applied(9, 0, 0);
    assertTrue(behind.takeTick(nanos, 9));
  }

  @Test
  void oneIsAskedForAtATime() {
    assertTrue(asksNow());
    assertFalse(asksNow(), "it is on its way");
    shard.tickStands(3);
    assertFalse(asksNow(), "it is not read");
    shard.applied(2, 0, 0);
    assertFalse(asksNow(), "another is read");
    shard.applied(3, 0, 0);
    assertTrue(asksNow());
  }

  @Test
  void oneThatFailedIsAskedForAgain() {
    assertTrue(asksNow());
    shard.tickFailed();
    assertTrue(asksNow());
    assertFalse(asksNow());
  }

  @Test
  void oneThatIsReadBeforeItsAnswerComes_countsOnce() {
    assertTrue(asksNow());
    shard.applied(2, 0, 0);
    assertFalse(asksNow());
    shard.tickStands(2);
    assertTrue(asksNow());
  }

  /** A step that leaves something over asks for one by itself; the loop's look finds it. */
  @Test
  void oneIsAskedForAtATime_fromStepToStep() {
    assertTrue(asksNow());
    shard.tickStands(2);
    for (int offset = 2; offset < 100; offset++) {
      assertFalse(asksNow(), "the loop, during the step");
      assertTrue(shard.takeTick(nanos, offset), "the step");
      shard.applied(offset, 0, 0);
      assertFalse(asksNow(), "the loop, after the step");
      shard.tickStands(offset + 1);
    }
  }

  /** Another node's, or one of which nobody knew. */
  @Test
  void oneTooManyDoesNotBeget() {
    assertTrue(asksNow());
    shard.tickStands(5);
    for (int offset = 2; offset < 5; offset++) {
      assertFalse(shard.takeTick(nanos, offset), "the step of one that was not asked for");
      shard.applied(offset, 0, 0);
    }
    assertTrue(shard.takeTick(nanos, 5));
  }

  @Test
  void anotherIsAskedFor_onceNothingIsReadForLong() {
    assertTrue(asksNow());
    shard.tickStands(9);
    nanos += PATIENCE.toNanos() - 1;
    assertFalse(asksNow());
    nanos++;
    assertTrue(asksNow());
    assertFalse(asksNow());
  }

  @Test
  void noMoreAreAskedFor_whileTheShardIsBehind() {
    assertTrue(asksNow());
    shard.tickStands(100);
    for (int offset = 2; offset < 100; offset++) {
      nanos += PATIENCE.toNanos();
      shard.applied(offset, 0, 0);
      assertFalse(asksNow());
    }
    shard.applied(100, 0, 0);
    assertTrue(asksNow());
  }

  private boolean asksNow() {
    return shard.takeTick(nanos, shard.applied());
  }
}
