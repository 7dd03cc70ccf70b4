package dev.kanal.scheduler.engine.out;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.clock.ManualClocks;
import dev.kanal.common.log.ToShard;
import dev.kanal.scheduler.engine.shard.MapStore;
import dev.kanal.scheduler.engine.shard.ShardStatus;
import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** Ticks come when the log's time is due, whatever is done to this machine's wall clock. */
final class TickLoopTest {
  private static final long NOW_MS = ManualClocks.WALL_ORIGIN.toEpochMilli();
  private static final Duration TICK = Duration.ofSeconds(2);

  private final ManualClocks time = new ManualClocks();
  private final ShardStatus shard = new ShardStatus(0, new MapStore(), Set.of(), 0, 0);
  private final Log log = new Log();
  private final TickLoop loop =
      new TickLoop(Map.of(0, shard), log, time.clocks().wall(), time.clocks().ticker());

  @BeforeEach
  void aRecordIsRead_andTheNextTickIsDueLater() {
    shard.applied(1, NOW_MS, NOW_MS + TICK.toMillis());
    shard.read(time.clocks().ticker().nanos());
  }

  @Test
  void shouldAppendOnTime_whenTheWallClockIsSetBack() {
    time.shiftWall(Duration.ofSeconds(-20));

    alive(TICK.minusMillis(1));
    assertEquals(0, log.ticks);
    alive(Duration.ofMillis(1));
    assertEquals(1, log.ticks);
  }

  @Test
  void shouldAppendOnTime_whenNobodySetsIt() {
    alive(TICK.minusMillis(1));
    assertEquals(0, log.ticks);
    alive(Duration.ofMillis(1));
    assertEquals(1, log.ticks);
  }

  /** What comes too early does no harm: the log's time decides. */
  @Test
  void shouldAppendAtOnce_whenTheWallClockIsSetForward() {
    time.shiftWall(Duration.ofSeconds(20));

    alive(Duration.ZERO);
    assertEquals(1, log.ticks);
  }

  @Test
  void shouldWakeAShardThatReadsNothing_onceASecond() {
    time.shiftWall(Duration.ofSeconds(-20));

    time.advance(Duration.ofMillis(999));
    loop.appendDue();
    assertEquals(0, log.ticks);
    time.advance(Duration.ofMillis(1));
    loop.appendDue();
    assertEquals(1, log.ticks);
    loop.appendDue();
    assertEquals(1, log.ticks, "that one is not read yet");
  }

  @Test
  void shouldLookNextWhenATickIsDue_andOnceInHalfASecondAtLeast() {
    assertEquals(TickLoop.MOST, loop.appendDue());
    alive(TICK.minusMillis(120));
    assertEquals(Duration.ofMillis(120), loop.appendDue());
  }

  @Test
  void shouldLookAgainSoon_whileATickThatIsDueIsNotRead() {
    alive(TICK);
    assertEquals(TickLoop.LEAST, loop.appendDue());
    shard.applied(11, NOW_MS, NOW_MS + TICK.multipliedBy(2).toMillis());
    assertEquals(TickLoop.MOST, loop.appendDue());
    assertEquals(1, log.ticks);
  }

  @Test
  void shouldBeTooLateForAShard_whenItWantsItsTickBeforeTheNextLook() {
    assertEquals(TickLoop.MOST, loop.appendDue());
    assertFalse(loop.looksTooLate(shard));

    assertTrue(shard.applied(2, NOW_MS, NOW_MS + TickLoop.MOST.toMillis() - 1), "earlier");
    assertTrue(loop.looksTooLate(shard));
    assertFalse(shard.applied(3, NOW_MS, NOW_MS + TickLoop.MOST.toMillis()), "earlier");
    assertFalse(loop.looksTooLate(shard));
  }

  /** Time passes while the shard's thread shows signs of life. */
  private void alive(Duration by) {
    time.advance(by);
    shard.alive(time.clocks().ticker().nanos());
    loop.appendDue();
  }

  /** Takes everything. */
  private static final class Log implements Sink<ToShard> {
    private int ticks;

    @Override
    public CompletableFuture<Position> send(ToShard value) {
      ticks++;
      return CompletableFuture.completedFuture(
          new Position(value.shard(), 10 + ticks, ManualClocks.WALL_ORIGIN));
    }

    @Override
    public void close() {}
  }
}
