package dev.kanal.worker.lane;

import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Tells a lane to stop, in two steps, or to join anew. Usable from any thread. */
final class LaneStop {
  private final CountDownLatch stopping = new CountDownLatch(1);
  private volatile boolean givingBack;
  private volatile boolean renewing;

  /** No more tasks. */
  void stop() {
    stopping.countDown();
  }

  /** What is not leased yet goes back to the channel, now. */
  void giveBack() {
    givingBack = true;
    stop();
  }

  /** The lane is to join its share group anew, once it has settled what it has. */
  void renew() {
    renewing = true;
  }

  /** The lane joins. */
  void renewed() {
    renewing = false;
  }

  boolean renewing() {
    return renewing;
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
