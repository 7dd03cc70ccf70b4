package dev.kanal.common.clock;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import org.junit.jupiter.api.Test;

final class ManualClocksTest {
  private final ManualClocks manual = new ManualClocks();
  private final Clocks clocks = manual.clocks();

  @Test
  void shouldStandStill_untilMoved() {
    assertEquals(ManualClocks.WALL_ORIGIN, clocks.wall().instant());
    assertEquals(ManualClocks.TICKER_ORIGIN, clocks.ticker().nanos());
    manual.advance(Duration.ofMillis(1_500));
    assertEquals(ManualClocks.WALL_ORIGIN.plusMillis(1_500), clocks.wall().instant());
    assertEquals(ManualClocks.TICKER_ORIGIN + 1_500_000_000L, clocks.ticker().nanos());
  }

  @Test
  void shouldMoveTheWallAlone_whenItIsSet() {
    manual.shiftWall(Duration.ofHours(-1));
    assertEquals(ManualClocks.WALL_ORIGIN.minusSeconds(3_600), clocks.wall().instant());
    assertEquals(ManualClocks.TICKER_ORIGIN, clocks.ticker().nanos());
  }

  @Test
  void shouldRefuseToGoBack() {
    assertThrows(
        IllegalArgumentException.class, () -> manual.advance(Duration.ofNanos(1).negated()));
    assertEquals(ManualClocks.TICKER_ORIGIN, clocks.ticker().nanos());
  }

  @Test
  void shouldHaveOriginsThatDiffer() {
    assertNotEquals(
        clocks.ticker().nanos() / 1_000_000, clocks.wall().millis(), "one may pass for the other");
  }

  @Test
  void shouldReadTheMachinesClocks() {
    Clocks system = Clocks.system();
    long before = system.ticker().nanos();
    assertTrue(system.ticker().nanos() - before >= 0);
    assertTrue(system.wall().millis() > 0);
  }
}
