package dev.kanal.check.server;

import java.time.Duration;
import java.util.function.LongSupplier;

/** A moment by which a run has to be over, on a monotonic clock. */
public final class Deadline {
  private final LongSupplier nanos;
  private final long end;

  private Deadline(LongSupplier nanos, long end) {
    this.nanos = nanos;
    this.end = end;
  }

  /**
   * @param nanos a clock such as {@link System#nanoTime}
   */
  public static Deadline after(Duration time, LongSupplier nanos) {
    return new Deadline(nanos, nanos.getAsLong() + time.toNanos());
  }

  /** What is left; zero once it has passed. */
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, end - nanos.getAsLong()));
  }

  public boolean passed() {
    return remaining().isZero();
  }

  /** The shorter of {@code time} and what is left. */
  public Duration atMost(Duration time) {
    Duration remaining = remaining();
    return time.compareTo(remaining) < 0 ? time : remaining;
  }
}
