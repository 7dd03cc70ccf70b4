package dev.kanal.scheduler.engine.shard;

import java.time.Duration;

/**
 * The ticks of one shard that this node asked for and that are still to be read. One at a time is
 * enough: each that a shard has too many lets it take a step too many, and a shard that is behind
 * would get further behind. Usable from any thread.
 */
final class TicksAhead {
  /** How long nothing is read, though a tick should be there, before another is asked for. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  /** Asked for, and not known to stand in the log nor to have failed. */
  private int onTheWay;

  /** The last that is known to stand in the log. */
  private long lastOffset = -1;

  /** When something was read last, as far as was looked. */
  private long movedNanos;

  private long appliedThen = -1;

  /**
   * Whether to append one now. The caller then says what became of it.
   *
   * @param applied the last offset that was applied
   */
  synchronized boolean take(long nanos, long applied) {
    if (onTheWay > 0 || lastOffset > applied) {
      if (applied != appliedThen) {
        appliedThen = applied;
        movedNanos = nanos;
        return false;
      }
      if (nanos - movedNanos < PATIENCE.toNanos()) {
        return false;
      }
    }
    appliedThen = applied;
    movedNanos = nanos;
    onTheWay++;
    return true;
  }

  /** One stands in the log. */
  synchronized void stands(long offset) {
    onTheWay--;
    lastOffset = Math.max(lastOffset, offset);
  }

  /** One could not be sent, or nobody knows. */
  synchronized void failed() {
    onTheWay--;
  }
}
