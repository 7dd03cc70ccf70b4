package dev.kanal.bench.latency;

import dev.kanal.bench.kanal.Latencies;
import java.io.IOException;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;

/** Waits for starts of handlers in this process. */
final class Starts {
  private static final Duration LOOK_EVERY = Duration.ofMillis(20);
  private static final Duration LONGEST = Duration.ofMinutes(5);

  private Starts() {}

  /** Waits until {@code count} have started. */
  static void await(Latencies starts, long count) throws IOException {
    long deadline = System.nanoTime() + LONGEST.toNanos();
    while (starts.count() < count) {
      if (System.nanoTime() - deadline > 0) {
        throw new IOException(
            "Expected " + count + " handlers to start, but only " + starts.count() + " did");
      }
      LockSupport.parkNanos(LOOK_EVERY.toNanos());
    }
  }
}
