package dev.kanal.check.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class SharesTest {
  private final Shares shares = new Shares();

  @Test
  void shouldNameWhoRanMostFirst_andAddIncarnationsOfAWorker() {
    shares.add("a~1");
    shares.add("b~7");
    shares.add("b~8");
    shares.add("b");

    assertEquals("run by 2 workers: b 3 (75 %), a 1 (25 %)", shares.line());
  }

  @Test
  void shouldCountNobody_whenNoWorkerRanTheJobs() {
    shares.add("");

    assertEquals("run by 0 workers", shares.line());
  }

  @Test
  void shouldShowNoMoreThanTheBound() {
    for (int worker = 0; worker <= Shares.WORKERS_SHOWN; worker++) {
      shares.add("w" + worker);
    }

    assertTrue(shares.line().startsWith("run by 21 workers: w0 1 (5 %), "), shares.line());
    assertTrue(shares.line().endsWith(", and 1 more"), shares.line());
  }
}
