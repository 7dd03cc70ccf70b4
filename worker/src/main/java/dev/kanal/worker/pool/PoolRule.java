package dev.kanal.worker.pool;

import java.time.Duration;

/**
 * How many slots a queue wants. Pure; asked once a second for each queue.
 *
 * <p>It wants enough to work off the queue's backlog within {@link #DRAIN}, by the time that its
 * tasks take; and if tasks arrive older than {@link #AGE}, its size times their age divided by
 * {@link #AGE}. It grows to that at once, and shrinks to the most that it had in use, or wanted,
 * during the last {@link #IDLE}.
 */
final class PoolRule {
  /** The time in which a backlog is to be worked off. */
  static final Duration DRAIN = Duration.ofSeconds(5);

  /** The age that tasks may have when they arrive. */
  static final Duration AGE = Duration.ofSeconds(1);

  /** The most by which age alone multiplies a queue's size in a second. */
  static final int AGE_FACTOR_MAX = 4;

  /** Slots that were not used for this long are not wanted. */
  static final Duration IDLE = Duration.ofSeconds(30);

  /** How long a task is assumed to run before any has ended. */
  static final Duration FIRST_GUESS = Duration.ofSeconds(1);

  /** More slots are of no use if a task with a slot waits this long for a processor. */
  static final Duration START_DELAY = Duration.ofMillis(100);

  /** More slots are dangerous if this share of the heap is in use after a collection. */
  static final double HEAP = 0.85;

  private PoolRule() {}

  /**
   * The observations of a queue.
   *
   * @param peak the most slots in use at once, or wanted, during the last {@link #IDLE}
   * @param held the mean time that a task has its slot
   * @param lag records that wait or run, in the whole queue, as last known; 0 if it keeps up, or if
   *     that was never known
   * @param age of the oldest record that came during the last second
   */
  record View(int size, int peak, Duration held, long lag, Duration age) {}

  /** The bounds that are set: the least and the most slots. */
  record Bounds(int min, int max) {}

  /** A number of slots, and the reason for it. */
  record Wish(int slots, PoolReason reason) {}

  static Wish wish(View view, Machine machine, Bounds bounds) {
    long byLag = byLag(view);
    long byAge = byAge(view);
    long wanted = Math.max(view.peak, Math.max(byLag, byAge));
    int within = (int) Math.max(bounds.min, Math.min(bounds.max, wanted));
    if (within < view.size) {
      boolean worthIt = within == bounds.min || view.size > bounds.max || isFarLess(within, view);
      return worthIt ? new Wish(within, PoolReason.IDLE) : new Wish(view.size, PoolReason.STEADY);
    }
    if (wanted > bounds.max && view.size >= bounds.max) {
      return new Wish(bounds.max, PoolReason.MAX);
    }
    if (within == view.size) {
      return new Wish(view.size, PoolReason.STEADY);
    }
    if (view.size < bounds.min) {
      return new Wish(within, PoolReason.MIN);
    }
    if (machine.heap() > HEAP) {
      return new Wish(view.size, PoolReason.MEMORY);
    }
    if (machine.startDelay().compareTo(START_DELAY) > 0) {
      return new Wish(view.size, PoolReason.CPU);
    }
    return new Wish(within, byLag >= byAge ? PoolReason.LAG : PoolReason.AGE);
  }

  /** Less by at least a quarter; a size that followed each task would change all the time. */
  private static boolean isFarLess(int wanted, View view) {
    return 4L * wanted <= 3L * view.size;
  }

  /** The slots that work off the backlog in time: {@code lag} tasks of {@code held} each. */
  private static long byLag(View view) {
    double slots = view.lag * (view.held.toNanos() / (double) DRAIN.toNanos());
    return (long) Math.ceil(slots);
  }

  private static long byAge(View view) {
    if (view.age.compareTo(AGE) <= 0) {
      return 0;
    }
    double factor = Math.min(AGE_FACTOR_MAX, view.age.toNanos() / (double) AGE.toNanos());
    return (long) Math.ceil(view.size * factor);
  }
}
