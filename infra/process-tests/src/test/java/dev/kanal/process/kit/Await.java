package dev.kanal.process.kit;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.clock.Ticker;
import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Bounds the polling of a server that cannot call back. One thread. */
public final class Await {
  private static final long PAUSE_MS = 50;

  private final CountDownLatch never = new CountDownLatch(1);
  private final Ticker ticker = Clocks.system().ticker();
  private final long deadline;

  public Await(Duration atMost) {
    this.deadline = ticker.nanos() + atMost.toNanos();
  }

  /** Pauses shortly; false once the time is up. */
  public boolean again() throws InterruptedException {
    return !never.await(PAUSE_MS, TimeUnit.MILLISECONDS) && ticker.nanos() < deadline;
  }
}
