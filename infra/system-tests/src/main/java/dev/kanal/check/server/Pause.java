package dev.kanal.check.server;

import java.time.Duration;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;

/** Lets time pass. */
@FunctionalInterface
public interface Pause {
  void of(Duration time) throws InterruptedException;

  /** On the real clock. */
  static Pause real() {
    return time -> {
      boolean opened = new CountDownLatch(1).await(time.toNanos(), TimeUnit.NANOSECONDS);
      if (opened) {
        throw new IllegalStateException("Expected a latch that nobody opens, but it opened");
      }
    };
  }
}
