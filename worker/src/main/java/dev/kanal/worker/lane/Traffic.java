package dev.kanal.worker.lane;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * What has come through a channel lately, and how many lanes that asks for.
 *
 * <p>A lane holds its batch until Kafka has the outcomes, and its next request is answered only
 * once the broker has stored what it settles of the last batch: meanwhile nobody else gets the
 * tasks of its partitions. So a channel to which tasks keep coming has twice as many lanes as a
 * topic of a queue has partitions unless set otherwise, of all its workers together; and one to
 * which little comes has one, since each is a member with requests of its own.
 *
 * @param tasks that have come in all
 * @param lookedNanos when that was so
 * @param pairNanos when two or more were last seen to have come within one look; null if never
 * @param busyNanos when {@link #BUSY} or more a second were; null if never
 * @param perSecond how many have come in a second, in the mean of the last few
 */
record Traffic(
    long tasks,
    long lookedNanos,
    @Nullable Long pairNanos,
    @Nullable Long busyNanos,
    double perSecond) {
  /** Tasks a second with which a channel counts as busy. */
  static final int BUSY = 20;

  /** How long what has come keeps its lanes. */
  static final Duration KEPT = Duration.ofSeconds(30);

  private static final int PAIR = 2;
  private static final int MANY = 50;

  /** The weight of the newest look in the mean rate. */
  private static final double NEWEST_PART = 0.2;

  private static final double NANOS = Duration.ofSeconds(1).toNanos();

  /** Within a shorter time a few tasks say nothing about a rate. */
  private static final long LOOK_LEAST_NANOS = Duration.ofMillis(500).toNanos();

  /** A channel of which nothing is known: two lanes for a while, since much may wait in it. */
  static Traffic unknown(long tasks, long now) {
    return new Traffic(tasks, now, now, null, 0);
  }

  /** A channel to which something has come after a pause. */
  static Traffic afterPause(long tasks, long now) {
    return new Traffic(tasks, now, null, null, 0);
  }

  /**
   * One look later.
   *
   * @param now that this many tasks have come in all
   */
  Traffic next(long all, long now) {
    long nanos = now - lookedNanos;
    if (nanos < LOOK_LEAST_NANOS) {
      return this;
    }
    long came = all - tasks;
    double rate = came * NANOS / nanos;
    @Nullable Long pair = came >= PAIR ? Long.valueOf(now) : pairNanos;
    @Nullable Long busy = rate >= BUSY ? Long.valueOf(now) : busyNanos;
    return new Traffic(all, now, pair, busy, perSecond + NEWEST_PART * (rate - perSecond));
  }

  /**
   * How many lanes the channel is to have, as far as there can be as many.
   *
   * @param workers that read the queue
   */
  int lanes(long now, int workers) {
    if (isKept(busyNanos, now)) {
      return Math.clamp(LaneSize.LANES_MAX / workers, least(workers), LaneSize.LANES_MAX);
    }
    return isKept(pairNanos, now) ? least(workers) : 1;
  }

  /** Many workers have many lanes anyway, and a share group has its bound. */
  private static int least(int workers) {
    return workers < MANY ? PAIR : 1;
  }

  private static boolean isKept(@Nullable Long nanos, long now) {
    return nanos != null && now - nanos < KEPT.toNanos();
  }
}
