package dev.kanal.scheduler.api.capacity;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.channel.Position;
import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import org.junit.jupiter.api.Test;

final class QueueGaugeTest {
  private static final Duration LONG = Duration.ofSeconds(30);

  private final QueueGauge gauge = new QueueGauge();

  @Test
  void shouldLetInAsManyAsThereArePlaces() {
    gauge.read(0, 5, 3);
    gauge.read(1, 5, 4);

    assertEquals(3, taken(10));
    assertFalse(gauge.tryTake(10));
    assertTrue(gauge.tryTake(11));
  }

  @Test
  void shouldCountAJobOnce_whenItsShardHasReadIt() {
    assertTrue(gauge.tryTake(3));
    assertTrue(gauge.tryTake(3));
    gauge.sent(at(0, 10));
    gauge.sent(at(0, 20));

    gauge.read(0, 9, 0);
    assertEquals(1, taken(3));
    gauge.sent(at(0, 30));
    gauge.read(0, 20, 2);
    assertFalse(gauge.tryTake(3));
    gauge.read(0, 30, 3);
    assertFalse(gauge.tryTake(3));
    gauge.read(0, 40, 0);
    assertEquals(3, taken(3));
  }

  @Test
  void shouldGiveThePlaceOfAFailedJobToAnother() {
    assertTrue(gauge.tryTake(1));
    CompletableFuture<Boolean> waits = gauge.take(1, LONG);
    assertFalse(waits.isDone());

    gauge.failed();

    assertTrue(waits.join());
    assertFalse(gauge.tryTake(1));
  }

  @Test
  void shouldLetThoseWhoWaitInFirst_inTheirOrder() {
    gauge.read(0, 1, 2);
    assertFalse(gauge.tryTake(2));
    CompletableFuture<Boolean> first = gauge.take(2, LONG);
    CompletableFuture<Boolean> second = gauge.take(2, LONG);
    assertTrue(gauge.isWaitedFor());

    gauge.read(0, 2, 1);
    assertFalse(gauge.tryTake(2));
    gauge.readAll();

    assertTrue(first.join());
    assertFalse(second.isDone());
    gauge.sent(at(0, 3));
    gauge.read(0, 3, 1);
    gauge.readAll();
    assertTrue(second.join());
    assertFalse(gauge.isWaitedFor());
  }

  @Test
  void shouldSendThoseAwayWhoWaitedTooLong() {
    gauge.read(0, 1, 1);

    assertFalse(gauge.take(1, Duration.ofMillis(1)).join());

    gauge.read(0, 2, 0);
    assertTrue(gauge.tryTake(1));
  }

  @Test
  void shouldGoByAHigherCapacityAtOnce_andByALowerOne() {
    gauge.read(0, 1, 10);

    assertFalse(gauge.tryTake(10));
    assertTrue(gauge.tryTake(12));
    assertFalse(gauge.tryTake(5));
    assertTrue(gauge.isUsedToHalf(20));
    assertFalse(gauge.isUsedToHalf(24));
  }

  private int taken(long capacity) {
    int taken = 0;
    while (gauge.tryTake(capacity)) {
      taken++;
    }
    return taken;
  }

  private static Position at(int shard, long offset) {
    return new Position(shard, offset, Instant.EPOCH);
  }
}
