package dev.kanal.check.server;

import java.util.Arrays;
import java.util.Locale;

/** Times of calls, for percentiles. Holds as many as its capacity. Not for several threads. */
public final class Latencies {
  private final long[] nanos;
  private int count;

  public Latencies(int capacity) {
    nanos = new long[capacity];
  }

  public void add(long time) {
    nanos[count] = time;
    count++;
  }

  /** The smallest time that at least {@code share} of the calls did not exceed; 0 without any. */
  public long percentile(double share) {
    if (count == 0) {
      return 0;
    }
    long[] sorted = Arrays.copyOf(nanos, count);
    Arrays.sort(sorted);
    return sorted[Math.clamp((long) Math.ceil(share * count) - 1, 0, count - 1)];
  }

  public String line(String what) {
    return String.format(
        Locale.ROOT,
        "%s: %s calls, p50 %.2f ms, p99 %.2f ms, max %.2f ms",
        what,
        Console.count(count),
        percentile(0.5) / 1e6,
        percentile(0.99) / 1e6,
        percentile(1) / 1e6);
  }
}
