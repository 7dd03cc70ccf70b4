package dev.kanal.scheduler.engine;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.Set;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** When a shard asks for a tick; its clock and its log both stand at 100 s at first. */
final class ShardStatusTest {
  private static final Duration PATIENCE = Duration.ofSeconds(1);
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
    shard.ticked();
    assertTrue(asksNow());
  }

  @Test
  void aLostOneIsAskedForAgain_whenNothingElseIsRead() {
    assertTrue(asksNow());
    nowMs += PATIENCE.toMillis();

    assertTrue(asksNow());
    assertFalse(asksNow());
  }

  @Test
  void aLostOneIsAskedForAgain_whenTheLogIsReadBeyondIt() {
    assertTrue(asksNow());
    nowMs += PATIENCE.toMillis();
    shard.applied(2, nowMs, 0);

    assertTrue(asksNow());
  }

  @Test
  void noMoreAreAskedFor_whileTheShardIsBehind() {
    nowMs += 10_000;
    assertTrue(asksNow());
    for (int second = 1; second < 10; second++) {
      nowMs += PATIENCE.toMillis();
      shard.applied(1 + second, START_MS + second * 1_000L, 0);
      assertFalse(asksNow());
    }
    nowMs += PATIENCE.toMillis();
    assertTrue(asksNow(), "it reads nothing any more");
  }

  private boolean asksNow() {
    return shard.takeTick(nowMs, Duration.ofMillis(nowMs).toNanos(), PATIENCE.toNanos());
  }
}
