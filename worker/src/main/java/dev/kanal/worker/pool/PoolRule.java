package dev.kanal.worker.pool;

import java.time.Duration;

/**
 * How many slots a queue wants. Pure; asked once a second for each queue.
 *
 * <p>It wants as many as would work off the queue's backlog within {@link #DRAIN}, going by how
 * long its tasks take; and if tasks come that are older than {@link #AGE}, so many times its size
 * as they are older. It grows to that at once, and shrinks to the most that it had in use, or
 * wanted, during the last {@link #IDLE}.
 */
final class PoolRule {
  /** A backlog is to be gone after this. */
  static final Duration DRAIN = Duration.ofSeconds(5);

  /** Tasks may be so old when they come. */
  static final Duration AGE = Duration.ofSeconds(1);

  /** By age alone a queue grows at most so many times a second. */
  static final int AGE_FACTOR_MAX = 4;

  /** Slots that were not used for so long are not wanted. */
  static final Duration IDLE = Duration.ofSeconds(30);

  /** How long a task is taken to run before any has ended. */
  static final Duration FIRST_GUESS = Duration.ofSeconds(1);

  /** More slots are of no use if a task that has one waits so long for a processor. */
  static final Duration START_DELAY = Duration.ofMillis(100);

  /** More slots are dangerous if so much of the heap is in use after it was collected. */
  static final double HEAP = 0.85;

  private PoolRule() {}

  /**
   * What is seen of a queue.
   *
   * @param peak the most slots in use at once, or wanted, during the last {@link #IDLE}
   * @param held the mean time that a task has its slot
   * @param lag records that wait or run, in the whole queue; 0 if that is not known
   * @param age of the oldest record that came during the last second
   */
  record View(int size, int peak, Duration held, long lag, Duration age) {}

  /** What is set: the least and the most slots. */
  record Bounds(int min, int max) {}

  /** So many, and why. */
  record Wish(int slots, PoolReason reason) {}

  static Wish wish(View view, Machine machine, Bounds bounds) {
    long byLag = byLag(view);
    long byAge = byAge(view);
    long wanted = Math.max(view.peak, Math.max(byLag, byAge));
    int within = (int) Math.max(bounds.min, Math.min(bounds.max, wanted));
    if (within < view.size) {
      return new Wish(within, PoolReason.IDLE);
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

  /** What works off the backlog in time: so many tasks of so long each. */
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
