package dev.kanal.worker.pool;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.ManualClocks;
import dev.kanal.common.job.Priority;
import dev.kanal.worker.pool.Slots.Release;
import java.time.Duration;
import java.util.EnumMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(30)
final class SlotsTest {
  private static final Duration LONG = Duration.ofSeconds(20);

  private final ManualClocks time = new ManualClocks();
  private final Slots slots = new Slots(4, time.clocks().ticker());

  @Test
  void shouldGiveBackUnusedSlots_whenReservationCloses() throws Exception {
    Slots.Slot slot;
    try (var reservation = reserve(3)) {
      slot = reservation.take();
      assertEquals(1, slots.free());
      assertEquals(1, slots.taken());
    }

    assertEquals(3, slots.free());
    assertEquals(2, slots.released(Release.UNUSED));
    slot.release(Release.FINISHED);
    assertEquals(4, slots.free());
    assertEquals(1, slots.released(Release.FINISHED));
  }

  @Test
  void shouldRefuse_whenSlotIsReleasedTwice() throws Exception {
    Slots.Slot slot = reserve(1).take();
    slot.release(Release.FINISHED);

    assertThrows(IllegalStateException.class, () -> slot.release(Release.GIVEN_BACK));

    assertEquals(4, slots.free());
  }

  @Test
  void shouldRefuse_whenMoreIsTakenThanReserved() throws Exception {
    var reservation = reserve(1);
    var _ = reservation.take();

    assertThrows(IllegalStateException.class, reservation::take);
  }

  @Test
  void shouldReserveNothing_whenThereAreNotEnough() throws Exception {
    var _ = reserve(3);

    assertNull(slots.reserve(2, Priority.NORMAL, Duration.ofMillis(1)));
    assertEquals(1, slots.free());
    assertFalse(slots.wanted());
  }

  @Test
  void shouldRefuseAtOnce_whenThereAreNeverSoMany() throws Exception {
    assertNull(slots.reserve(5, Priority.NORMAL, LONG));
    var _ = reserve(4);
    CompletableFuture<Boolean> waits = waits(3);
    slots.resize(2);
    assertFalse(waits.get(10, TimeUnit.SECONDS));
  }

  @Test
  void shouldGrantWhatWaits_whenTheSizeGrows() throws Exception {
    var _ = reserve(4);
    CompletableFuture<Boolean> waits = waits(2);
    slots.resize(6);
    assertTrue(waits.get(10, TimeUnit.SECONDS));
    assertEquals(0, slots.free());
  }

  @Test
  void shouldTakeNoMore_whenTheSizeShrinksBelowWhatIsOut() throws Exception {
    var reservation = reserve(4);
    slots.resize(1);
    assertEquals(0, slots.free());
    assertNull(slots.reserve(1, Priority.HIGH, Duration.ZERO));
    reservation.close();
    assertEquals(1, slots.free());
  }

  /** All want a slot all the time, and there is one. */
  @Test
  void shouldServeByPriority_andLeaveTheLowerSomeTurns() throws Exception {
    Slots one = new Slots(1, time.clocks().ticker());
    Slots.Reservation first = requireNonNull(one.reserve(1, Priority.HIGH, Duration.ZERO));
    var grants = new LinkedBlockingQueue<Map.Entry<Priority, Slots.Reservation>>();
    for (int i = 0; i < 16; i++) {
      for (Priority priority : Priority.values()) {
        var _ =
            Thread.ofVirtual().start(() -> grants.add(Map.entry(priority, reserve(one, priority))));
      }
    }
    while (one.waiting() < 16 * 3) {
      Thread.onSpinWait();
    }
    first.close();
    Map<Priority, Integer> served = new EnumMap<>(Priority.class);
    for (int i = 0; i < 16; i++) {
      var grant = grants.take();
      served.merge(grant.getKey(), 1, Integer::sum);
      grant.getValue().close();
    }
    assertEquals(Map.of(Priority.HIGH, 10, Priority.NORMAL, 4, Priority.LOW, 2), served);
  }

  @Test
  void shouldSayWhatHappenedSinceTheLastLook() throws Exception {
    var reservation = reserve(3);
    Slots.Slot slow = reservation.take();
    Slots.Slot fast = reservation.take();
    time.advance(Duration.ofMillis(10));
    fast.release(Release.FINISHED);
    slots.received(Duration.ofMillis(30), true);
    slots.received(Duration.ofMillis(20), false);
    assertEquals(
        new Slots.Seen(4, 1, 2, Duration.ofMillis(10), Duration.ofMillis(30), true), slots.look());
    assertEquals(new Slots.Seen(4, 1, 1, null, Duration.ZERO, false), slots.look());
    slow.release(Release.GIVEN_BACK);
    assertEquals(new Slots.Seen(4, 0, 1, null, Duration.ZERO, false), slots.look());
    assertFalse(slots.awaitAllFree(Duration.ofMillis(1)), "one is reserved");
    reservation.close();
    assertTrue(slots.awaitAllFree(Duration.ZERO));
  }

  private CompletableFuture<Boolean> waits(int count) {
    var waits = new CompletableFuture<Boolean>();
    var _ =
        Thread.ofVirtual()
            .start(
                () -> {
                  try {
                    waits.complete(slots.reserve(count, Priority.NORMAL, LONG) != null);
                  } catch (InterruptedException e) {
                    waits.completeExceptionally(e);
                  }
                });
    while (slots.waiting() == 0 && !waits.isDone()) {
      Thread.onSpinWait();
    }
    return waits;
  }

  private static Slots.Reservation reserve(Slots from, Priority priority) {
    try {
      return requireNonNull(from.reserve(1, priority, LONG));
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private Slots.Reservation reserve(int count) throws InterruptedException {
    return requireNonNull(slots.reserve(count, Priority.NORMAL, Duration.ZERO));
  }
}
