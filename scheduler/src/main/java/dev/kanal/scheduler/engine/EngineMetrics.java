package dev.kanal.scheduler.engine;

import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.LongAdder;

/** What a node's engine counts. Usable from any thread. */
public final class EngineMetrics {
  /** Upper bounds of the buckets of timer lateness, in milliseconds; one more is without bound. */
  private static final long[] BOUNDS_MS = {
    1, 2, 5, 10, 20, 50, 100, 200, 500, 1_000, 2_000, 5_000, 10_000, 60_000
  };

  private final InstantSource clock;
  private final LongAdder[] buckets = new LongAdder[BOUNDS_MS.length + 1];
  private final LongAdder latenessMs = new LongAdder();
  private final LongAdder rescued = new LongAdder();

  EngineMetrics(InstantSource clock) {
    this.clock = clock;
    for (int i = 0; i < buckets.length; i++) {
      buckets[i] = new LongAdder();
    }
  }

  /** A task whose time had come at {@code dueMs} goes to its topic. */
  void sentWhenDue(long dueMs) {
    long late = Math.max(0, clock.millis() - dueMs);
    int bucket = 0;
    while (bucket < BOUNDS_MS.length && late > BOUNDS_MS[bucket]) {
      bucket++;
    }
    buckets[bucket].increment();
    latenessMs.add(late);
  }

  void rescued() {
    rescued.increment();
  }

  /** Dispatches that had got lost and were sent anew: expected to be none. */
  public long rescues() {
    return rescued.sum();
  }

  /**
   * How late tasks leave: from the time that a job waited for to its task's sending, which is
   * before its commit. Of jobs that waited for a time or for their next attempt.
   */
  public Lateness lateness() {
    List<Bucket> all = new ArrayList<>();
    long count = 0;
    for (int i = 0; i < BOUNDS_MS.length; i++) {
      count += buckets[i].sum();
      all.add(new Bucket(BOUNDS_MS[i], count));
    }
    return new Lateness(all, count + buckets[BOUNDS_MS.length].sum(), latenessMs.sum());
  }

  /**
   * A histogram.
   *
   * @param buckets with growing bounds; the last one has none, and is left out
   * @param count of all observations
   * @param sumMs of all observations
   */
  public record Lateness(List<Bucket> buckets, long count, long sumMs) {
    public Lateness {
      buckets = List.copyOf(buckets);
    }
  }

  /** How many observations were at most {@code upToMs}. */
  public record Bucket(long upToMs, long count) {}
}
