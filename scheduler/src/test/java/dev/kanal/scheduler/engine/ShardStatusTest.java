package dev.kanal.scheduler.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a shard asks for a tick. */
final class ShardStatusTest {
  private static final Duration PATIENCE = TicksAhead.PATIENCE;
  private static final long START_MS = 100_000;

  private final ShardStatus shard = new ShardStatus(0, new MapStore(), Set.of(), 0, 0);
  private long nowMs = START_MS;

  @BeforeEach
  void wantsATick() {
    shard.applied(1, START_MS, 0);
  }

  @Test
  void oneIsAskedForAtATime() {
    assertTrue(asksNow());
    assertFalse(asksNow());
    shard.tickGone();
    assertTrue(asksNow());
  }

  /** A step that leaves something over asks for one by itself; the loop's look finds it. */
  @Test
  void oneIsAskedForAtATime_fromStepToStep() {
    assertTrue(asksNow());
    for (int step = 2; step < 100; step++) {
      nowMs++;
      shard.tickRead(nowMs);
      assertTrue(asksNow(), "the step");
      shard.applied(step, nowMs, 0);
      assertFalse(asksNow(), "the loop");
    }
  }

  @Test
  void aLostOneIsAskedForAgain_whenNothingElseIsRead() {
    assertTrue(asksNow());
    nowMs += PATIENCE.toMillis();

    assertTrue(asksNow());
    assertFalse(asksNow());
  }

  @Test
  void noMoreAreAskedFor_whileTheShardIsBehind() {
    assertTrue(asksNow());
    for (int offset = 2; offset < 10; offset++) {
      nowMs += PATIENCE.toMillis();
      shard.applied(offset, START_MS + offset, 0);
      assertFalse(asksNow());
    }
    shard.tickGone();
    assertTrue(asksNow());
  }

  @Test
  void aLostOneIsAskedForAgain_whenTheLogIsReadFarBeyondIt() {
    assertTrue(asksNow());
    nowMs += PATIENCE.toMillis();
    shard.applied(2, nowMs, 0);

    assertTrue(asksNow());
  }

  @Test
  void noneIsOwed_onceTheLastIsRead() {
    assertTrue(asksNow());
    nowMs += PATIENCE.toMillis();
    assertTrue(asksNow(), "the first was lost");

    shard.tickRead(nowMs);
    assertTrue(asksNow());
  }

  @Test
  void oneIsAskedForAtATime_afterOneTooMany() {
    assertTrue(asksNow());
    nowMs += PATIENCE.toMillis();
    assertTrue(asksNow());

    shard.tickGone();
    assertFalse(asksNow());
    shard.tickGone();
    assertTrue(asksNow());
  }

  private boolean asksNow() {
    return shard.takeTick(nowMs, Duration.ofMillis(nowMs).toNanos());
  }
}
