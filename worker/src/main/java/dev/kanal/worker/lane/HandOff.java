package dev.kanal.worker.lane;

import java.time.Duration;

/**
 * How long a lane waits for the tasks of a batch before it leases what still runs, so that it can
 * take the next batch. A lease costs the engine a record, and waiting costs the lane its time:
 *
 * <ul>
 *   <li>while more than a few run, it waits for the hand-off time that is set;
 *   <li>for the last few, three times as long as its tasks usually take;
 *   <li>hardly at all if nearly every task was leased in the end anyway.
 * </ul>
 *
 * Belongs to the lane's thread.
 */
final class HandOff {
  /** The shortest wait of a lane. */
  static final Duration SHORTEST = Duration.ofMillis(10);

  /** The last few of a batch are one in this many. */
  private static final int FEW = 16;

  private static final int TIMES_USUAL = 3;

  /**
   * The time that tasks are first assumed to take: then the last few get a fifth of the hand-off
   * time.
   */
  private static final int FIRST_GUESS = 15;

  /** From this share on, nearly every task counts as leased. */
  private static final double NEARLY_ALL = 0.9;

  /** The weight of the newest value in a mean. */
  private static final double NEWEST_TASK = 0.05;

  private static final double NEWEST_BATCH = 0.5;

  private final long longestNanos;
  private double usualNanos;
  private double leasedPart;

  HandOff(Duration longest) {
    this.longestNanos = longest.toNanos();
    this.usualNanos = longestNanos / (double) FIRST_GUESS;
  }

  /** How long to wait from the start of a batch of which {@code pending} still run. */
  long waitNanos(int pending, int batch) {
    if (leasedPart > NEARLY_ALL) {
      return Math.min(SHORTEST.toNanos(), longestNanos);
    }
    if (pending > Math.max(1, batch / FEW)) {
      return longestNanos;
    }
    long usual = (long) (TIMES_USUAL * usualNanos);
    return Math.min(longestNanos, Math.max(SHORTEST.toNanos(), usual));
  }

  /** A task was settled without a lease, this long after its batch began. */
  void settled(long nanos) {
    usualNanos += NEWEST_TASK * (nanos - usualNanos);
  }

  /** A batch is over, and this many of its tasks were leased. */
  void over(int leased, int batch) {
    leasedPart += NEWEST_BATCH * (leased / (double) batch - leasedPart);
  }
}
