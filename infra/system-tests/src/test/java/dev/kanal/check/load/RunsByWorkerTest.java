package dev.kanal.check.load;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.Test;

final class RunsByWorkerTest {
  private final RunsByWorker byWorker = new RunsByWorker();

  @Test
  void shouldNameWhoRanMostFirst_andAddIncarnationsOfAWorker() {
    byWorker.add("a~1");
    byWorker.add("b~7");
    byWorker.add("b~8");
    byWorker.add("b");

    assertEquals("run by 2 workers: b 3 (75 %), a 1 (25 %)", byWorker.line());
  }

  @Test
  void shouldCountNobody_whenNoWorkerRanTheJobs() {
    byWorker.add("");

    assertEquals("run by 0 workers", byWorker.line());
  }

  @Test
  void shouldShowNoMoreThanTheBound() {
    for (int worker = 0; worker <= RunsByWorker.WORKERS_SHOWN; worker++) {
      byWorker.add("w" + worker);
    }

    assertTrue(byWorker.line().startsWith("run by 21 workers: w0 1 (5 %), "), byWorker.line());
    assertTrue(byWorker.line().endsWith(", and 1 more"), byWorker.line());
  }
}
