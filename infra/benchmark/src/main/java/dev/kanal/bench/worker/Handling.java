package dev.kanal.bench.worker;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;

/** What is done with every task, and when it was done first. Usable from any thread. */
final class Handling {
  private static final Duration NAP = Duration.ofMillis(10);

  private final boolean sleeps;
  private final AtomicLong firstNanos = new AtomicLong();
  private final LongAdder handled = new LongAdder();

  Handling(boolean sleeps) {
    this.sleeps = sleeps;
  }

  boolean sleeps() {
    return sleeps;
  }

  void handle() {
    if (firstNanos.getPlain() == 0) {
      firstNanos.compareAndSet(0, System.nanoTime());
    }
    if (sleeps) {
      LockSupport.parkNanos(NAP.toNanos());
    }
    handled.increment();
  }

  /** Since the first task came. */
  double seconds() {
    return (System.nanoTime() - firstNanos.get()) / 1e9;
  }

  long handled() {
    return handled.sum();
  }
}
