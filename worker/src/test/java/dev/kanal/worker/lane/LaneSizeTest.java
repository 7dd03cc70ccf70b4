package dev.kanal.worker.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.job.Priority;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class LaneSizeTest {
  @ParameterizedTest
  @CsvSource({
    "1,       NORMAL, 1, 1",
    "4,       NORMAL, 4, 1",
    "200,     NORMAL, 8, 25",
    "1000,    NORMAL, 8, 125",
    "100000,  NORMAL, 8, 500",
    "4,       HIGH,   2, 1",
    "1000,    HIGH,   8, 62",
    "4,       LOW,    1, 1",
    "200,     LOW,    8, 3",
    "100000,  LOW,    8, 500",
  })
  void shouldFollowTheSlots(int slots, Priority priority, int lanes, int records) {
    assertEquals(new LaneSize(lanes, records), LaneSize.of(slots, priority));
  }

  @Test
  void shouldOpenWithWhatIsFree() {
    LaneSize size = new LaneSize(8, 100);
    assertEquals(100, size.toOpen(1_000));
    assertEquals(63, size.toOpen(63));
    assertEquals(1, size.toOpen(0));
  }

  @Test
  void shouldBeFar_whenItDiffersByMoreThanAHalf() {
    LaneSize size = new LaneSize(8, 100);
    assertTrue(size.isFarAbove(66));
    assertFalse(size.isFarAbove(67));
    assertTrue(size.isFarBelow(151));
    assertFalse(size.isFarBelow(150));
  }
}
