package dev.kanal.scheduler.stats;

import java.util.Arrays;
import java.util.concurrent.atomic.AtomicLongArray;
import org.jspecify.annotations.Nullable;

/** Times by {@link Buckets}. Belongs to one thread. */
public final class Histogram {
  private static final long[] NONE = {};

  /** As long as its longest time needs. */
  private long[] counts = NONE;

  private long total;

  /** What is counted there now; what is counted meanwhile may be in it. */
  static Histogram copy(AtomicLongArray live) {
    Histogram copy = new Histogram();
    for (int bucket = live.length() - 1; bucket >= 0; bucket--) {
      copy.add(bucket, live.get(bucket));
    }
    return copy;
  }

  /** How many times were counted. */
  public long total() {
    return total;
  }

  public void add(Histogram other) {
    for (int bucket = other.counts.length - 1; bucket >= 0; bucket--) {
      add(bucket, other.counts[bucket]);
    }
  }

  /** What was counted since {@code before}. */
  Histogram since(Histogram before) {
    Histogram more = new Histogram();
    for (int bucket = counts.length - 1; bucket >= 0; bucket--) {
      long had = bucket < before.counts.length ? before.counts[bucket] : 0;
      more.add(bucket, counts[bucket] - had);
    }
    return more;
  }

  /**
   * The time in seconds that a share of all times is not above, within half a bucket; null without
   * any.
   *
   * @param share above 0, at most 1
   */
  public @Nullable Double quantile(double share) {
    long rank = Math.max(1, (long) Math.ceil(share * total));
    long seen = 0;
    for (int bucket = 0; bucket < counts.length; bucket++) {
      seen += counts[bucket];
      if (seen >= rank) {
        return Buckets.middle(bucket) / 1_000;
      }
    }
    return null;
  }

  void add(int bucket, long count) {
    if (count <= 0) {
      return;
    }
    if (bucket >= counts.length) {
      counts = Arrays.copyOf(counts, bucket + 1);
    }
    counts[bucket] += count;
    total += count;
  }

  /** Buckets and their counts, in turn, as far as there are any. */
  public long[] pairs() {
    long[] pairs = new long[2 * counts.length];
    int length = 0;
    for (int bucket = 0; bucket < counts.length; bucket++) {
      if (counts[bucket] > 0) {
        pairs[length++] = bucket;
        pairs[length++] = counts[bucket];
      }
    }
    return Arrays.copyOf(pairs, length);
  }

  /** What {@link #pairs} returned; a bucket that is not known here counts as the longest. */
  public static Histogram of(long... pairs) {
    Histogram read = new Histogram();
    for (int i = pairs.length - 2; i >= 0; i -= 2) {
      read.add(Math.clamp(pairs[i], 0, Buckets.COUNT - 1), pairs[i + 1]);
    }
    return read;
  }
}
