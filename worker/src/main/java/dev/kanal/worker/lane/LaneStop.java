package dev.kanal.worker.lane;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells lanes to stop, in two steps. Usable from any thread. */
final class LaneStop {
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile boolean givingBack;

  /** No more tasks. */
  void stop() {
    stopping.countDown();
  }

  /** What is not leased yet goes back to the channel, now. */
  void giveBack() {
    givingBack = true;
    stop();
  }

  boolean stopping() {
    return stopping.getCount() == 0;
  }

  boolean givingBack() {
    return givingBack;
  }

  /** Waits, at most until the lane is to stop. */
  void pause(long millis) throws InterruptedException {
    var _ = stopping.await(millis, TimeUnit.MILLISECONDS);
  }
}
