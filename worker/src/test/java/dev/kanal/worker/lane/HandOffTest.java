package dev.kanal.worker.lane;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.time.Duration;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

final class HandOffTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

  private final HandOff handOff = new HandOff(Duration.ofMillis(250));

  @Test
  void shouldWaitTheWholeTime_whileMoreThanAFewRun() {
    assertEquals(250 * MS, handOff.waitNanos(7, 96));
    assertEquals(250 * MS, handOff.waitNanos(2, 2));
  }

  @Test
  void shouldWaitForTheLastFew_threeTimesAsLongAsIsUsual() {
    assertEquals(50, handOff.waitNanos(1, 1) / MS, "before anything is known");
    for (int i = 0; i < 200; i++) {
      handOff.settled(5 * MS);
    }
    assertEquals(15, Math.round(handOff.waitNanos(6, 96) / 1e6));
    for (int i = 0; i < 200; i++) {
      handOff.settled(MS);
    }
    assertEquals(10, handOff.waitNanos(1, 96) / MS, "never less");
    for (int i = 0; i < 200; i++) {
      handOff.settled(200 * MS);
    }
    assertEquals(250, handOff.waitNanos(1, 96) / MS, "never more");
  }

  @Test
  void shouldHardlyWait_whenNearlyEveryTaskIsLeasedAnyway() {
    for (int i = 0; i < 4; i++) {
      assertEquals(250, handOff.waitNanos(96, 96) / MS);
      handOff.over(96, 96);
    }
    assertEquals(10, handOff.waitNanos(96, 96) / MS);
    handOff.over(10, 96);
    assertTrue(handOff.waitNanos(96, 96) / MS == 250);
  }
}
