package dev.kanal.common.schedule;

import java.time.Instant;

/**
 * Ticks in a row that made no job, for one reason.
 *
 * @param first the time of the first of them
 * @param last the time of the last of them
 */
public record Skipped(SkipReason reason, long count, Instant first, Instant last) {
  public static Skipped one(SkipReason reason, Instant tick) {
    return new Skipped(reason, 1, tick, tick);
  }

  /** These and the ticks right after them, for the same reason. */
  public Skipped and(Skipped later) {
    return new Skipped(reason, count + later.count, first, later.last);
  }
}
