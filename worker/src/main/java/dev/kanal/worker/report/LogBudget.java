package dev.kanal.worker.report;

import java.util.concurrent.atomic.AtomicLong;

/** Bounds how much of handlers' logs may wait in this worker to be sent. Usable from any thread. */
public final class LogBudget {
  /** Enough for 512 handlers whose logs are as long as a job keeps. */
  public static final long DEFAULT = 32L << 20;

  private final AtomicLong left;

  public LogBudget(long bytes) {
    left = new AtomicLong(bytes);
  }

  /** Takes room; returns whether there was any. */
  public boolean take(int bytes) {
    if (left.addAndGet(-bytes) >= 0) {
      return true;
    }
    left.addAndGet(bytes);
    return false;
  }

  public void giveBack(int bytes) {
    left.addAndGet(bytes);
  }

  long left() {
    return left.get();
  }
}
