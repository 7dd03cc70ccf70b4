package dev.kanal.scheduler.engine.row;

/**
 * How far a shard is.
 *
 * @param offset of the last log record applied; -1 before the first
 * @param nowMs the shard's time: the greatest record time read
 * @param tickMs the time of the last tick
 * @param leaseGraceMs no lease is judged before this time
 * @param timerMs every timer due before this time has fired: where the next scan starts
 */
public record Meta(long offset, long nowMs, long tickMs, long leaseGraceMs, long timerMs) {
  public static final Meta START = new Meta(-1, 0, 0, 0, 0);

  public Meta at(long newOffset, long newNowMs) {
    return new Meta(newOffset, newNowMs, tickMs, leaseGraceMs, timerMs);
  }

  public Meta ticked(long graceMs) {
    return new Meta(offset, nowMs, nowMs, graceMs, timerMs);
  }

  public Meta firedBefore(long dueMs) {
    return new Meta(offset, nowMs, tickMs, leaseGraceMs, dueMs);
  }

  /** A timer has been armed: the next scan starts no later. */
  public Meta armed(long dueMs) {
    return dueMs >= timerMs ? this : firedBefore(dueMs);
  }
}
