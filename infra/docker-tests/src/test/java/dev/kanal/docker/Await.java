package dev.kanal.docker;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.clock.Ticker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Bounds the polling of a system that cannot call back. One thread. */
final class Await {
  private static final long PAUSE_MS = 500;

  private final CountDownLatch never = new CountDownLatch(1);
  private final Ticker ticker = Clocks.system().ticker();
  private final long deadline;

  Await(Duration atMost) {
    this.deadline = ticker.nanos() + atMost.toNanos();
  }

  /** Pauses shortly; false once the time is up. */
  boolean again() throws InterruptedException {
    return !never.await(PAUSE_MS, TimeUnit.MILLISECONDS) && ticker.nanos() < deadline;
  }

  /** Lets time pass: the test is that the system endures it. */
  void end() throws InterruptedException {
    while (again()) {
      // Lets time pass.
    }
  }
}
