package dev.kanal.worker.lane;

import static java.util.Objects.requireNonNull;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.kanal.common.job.Priority;
import dev.kanal.worker.lane.Slots.Release;
import java.time.Duration;
import org.junit.jupiter.api.Test;

final class SlotsTest {
  private final Slots slots = new Slots(4);

  @Test
  void shouldGiveBackUnusedSlots_whenReservationCloses() throws Exception {
    Slots.Slot slot;
    try (var reservation = reserve(3)) {
      slot = reservation.take();
      assertEquals(1, slots.free());
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

    assertNull(slots.reserve(2, Duration.ofMillis(1)));
    assertEquals(1, slots.free());
  }

  @Test
  void shouldShareSlotsAmongLanes_whenLanesOpen() {
    assertEquals(128, LaneSize.fair(256, 2, Priority.NORMAL));
    assertEquals(32, LaneSize.fair(256, 8, Priority.HIGH));
    assertEquals(8, LaneSize.fair(256, 8, Priority.LOW));
    assertEquals(1, LaneSize.fair(4, 800, Priority.NORMAL));
    assertEquals(256, LaneSize.fair(10_000, 1, Priority.NORMAL));
    assertEquals(32, LaneSize.toOpen(64, 63));
    assertEquals(1, LaneSize.toOpen(64, 0));
    assertEquals(256, LaneSize.larger(256));
  }

  private Slots.Reservation reserve(int count) throws InterruptedException {
    return requireNonNull(slots.reserve(count, Duration.ZERO));
  }
}
