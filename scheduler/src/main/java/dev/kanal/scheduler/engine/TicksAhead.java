package dev.kanal.scheduler.engine;

import java.time.Duration;

/**
 * The ticks of one shard that were asked for, and neither read nor failed to be sent. One at a time
 * is enough: each that a shard has too many lets it take a step too many, and a shard that is
 * behind would get further behind. Usable from any thread.
 */
final class TicksAhead {
  /** How long nothing is read before a tick is taken for lost; or the log is read beyond it. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  // All guarded by this.
  private int ahead;
  private long askedMs;

  /** Of the last time that a tick was asked for, or waited for in vain. */
  private long lookNanos;

  private long appliedThen;

  /**
   * Whether to append one now.
   *
   * @param wallMs the time that it would carry
   * @param applied the last offset that was applied
   * @param logMs the log's time at that offset
   */
  synchronized boolean take(long wallMs, long nanos, long applied, long logMs) {
    if (ahead > 0) {
      if (nanos - lookNanos < PATIENCE.toNanos()) {
        return false;
      }
      if (applied != appliedThen && logMs < askedMs + PATIENCE.toMillis()) {
        lookNanos = nanos;
        appliedThen = applied;
        return false;
      }
    }
    lookNanos = nanos;
    appliedThen = applied;
    askedMs = wallMs;
    ahead++;
    return true;
  }

  /**
   * A tick was read. Those of a node are read in their order: after the last that was asked for
   * there are none, whatever became of the others.
   *
   * @param timeMs of the tick
   */
  synchronized void read(long timeMs) {
    if (timeMs >= askedMs) {
      ahead = 0;
    } else {
      gone();
    }
  }

  /** A tick could not be sent. */
  synchronized void gone() {
    ahead = Math.max(0, ahead - 1);
  }
}
