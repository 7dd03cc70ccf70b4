package dev.kanal.scheduler.engine.shard;

import org.jspecify.annotations.Nullable;

/**
 * What time it is by a shard's log: the brokers write it on the records, and between these it goes
 * on by the ticker. This machine's wall clock has no part in it, so that timers do not stand still
 * when somebody sets that back. Usable from any thread.
 */
final class LogTime {
  private static final long NANOS_A_MS = 1_000_000;

  private volatile @Nullable Seen seen;

  private record Seen(long logMs, long nanos) {}

  /**
   * A record was read.
   *
   * @param logMs the log's time with it
   */
  void read(long logMs, long nanos) {
    seen = new Seen(logMs, nanos);
  }

  /** The log's time by now, or an earlier one; the beginning of time if nothing was read. */
  long ms(long nanos) {
    Seen last = seen;
    return last == null ? Long.MIN_VALUE : last.logMs + (nanos - last.nanos) / NANOS_A_MS;
  }
}
