package dev.kanal.common.flow.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class WindowTest {
  @ParameterizedTest
  @CsvSource({
    // window, width, launched, ended, refill
    "1,        10,      0,     0,   1",
    "1,        10,      1,     0,   0",
    "1,        10,      1,     1,   1",
    "3,        10,      3,     1,   1",
    "1000,   9000,      0,     0, 500",
    "1000,   9000,    500,     0, 500",
    "1000,   9000,   1000,   249,   0",
    "1000,   9000,   1000,   250, 250",
    "1000,   1001,   1000,     1,   1",
    "1001,   9000,   1001,   124,   0",
    "1001,   9000,   1001,   125, 125",
    "3992,  99000,   3992,   498,   0",
    "3992,  99000,   3992,   499, 499",
    "4000,  99000,   4000,   499,   0",
    "4000,  99000,   4000,   500, 500",
    "5000,  99000,   5000,   499,   0",
    "5000,  99000,   5000,   500, 500",
    "10000, 99000,  10000,   499,   0",
    "10000, 99000,  10000,   500, 500",
    "10000, 99000,  10000,  1250, 500",
    "10000, 99000,      0,     0, 500",
    "10000, 99000,   9500,     0, 500",
    "10000, 99000,   9501,     0,   0",
    "10000, 10499,  10000,   498,   0",
    "10000, 10499,  10000,   499, 499",
    "2,        10,      2,     1,   1",
    "7,        10,      7,     1,   1",
    "8,        20,      8,     1,   0",
    "8,        20,      8,     2,   2",
    "100,     100,    100,    50,   0",
    "100,     100,     90,    50,  10"
  })
  void shouldRefill(int window, int width, int launched, int ended, int refill) {
    StepCounts counts = new StepCounts(width, launched, ended, 0, true, false, 0);
    assertEquals(refill, Window.refill(window, counts));
  }

  /** A member is cheap if it begins together with many. */
  @ParameterizedTest
  @CsvSource({"1, 100", "7, 100", "1000, 20000", "5000, 100000", "10000, 100000"})
  void shouldComeToTheEndInParcels_whateverTheOrder(int window, int width) {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    StepCounts counts = StepCounts.of(width, true);
    int refills = 0;
    while (counts.ended() < width) {
      for (int more = Window.refill(window, counts);
          more > 0;
          more = Window.refill(window, counts)) {
        counts = counts.withLaunched(more);
        refills++;
      }
      assertTrue(counts.out() > 0 && counts.out() <= window, "seed " + seed + ": " + counts);
      counts = counts.withEnded(1 + random.nextInt(Math.min(10, counts.out())), 0, false);
    }
    int least = Math.min(Window.LAUNCH_MAX, Math.max(1, window / 8));
    assertTrue(refills <= width / least + 2 * window / least + 2, "refills " + refills);
  }

  /** Its members end one by one; as soon as a parcel of it is free, that begins again. */
  @ParameterizedTest
  @CsvSource({"1000, 250", "1001, 125", "4000, 500", "10000, 500"})
  void shouldRefillByParcels_whenItIsWide(int window, int parcel) {
    StepCounts counts = StepCounts.of(100_000, true).withLaunched(window);
    for (int refills = 0; refills < 3; refills++) {
      for (int ended = 1; ended < parcel; ended++) {
        counts = counts.withEnded(1, 0, false);
        assertEquals(0, Window.refill(window, counts), "after " + ended);
      }
      counts = counts.withEnded(1, 0, false);
      assertEquals(parcel, Window.refill(window, counts));
      counts = counts.withLaunched(parcel);
      assertEquals(window, counts.out());
    }
  }

  @Test
  void shouldRefuseCountersThatCannotBe() {
    StepCounts one = StepCounts.of(1, true).withLaunched(1);
    assertEquals(1, one.withEnded(0, 1, false).failed());
    assertThrows(IllegalArgumentException.class, () -> one.withLaunched(1));
    assertThrows(IllegalArgumentException.class, () -> one.withEnded(1, 1, false));
  }
}
