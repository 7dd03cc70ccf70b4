package dev.kanal.scheduler.engine.row;

import dev.kanal.scheduler.engine.table.Codec;
import dev.kanal.scheduler.engine.table.Lookup;

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

  private static final Codec<Meta> CODEC =
      Codec.of(
          (out, meta) ->
              out.putLong(meta.offset)
                  .putLong(meta.nowMs)
                  .putLong(meta.tickMs)
                  .putLong(meta.leaseGraceMs)
                  .putLong(meta.timerMs),
          (in, _) ->
              new Meta(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong()));

  /** As a shard's store has it. */
  public static Meta of(Lookup rows) {
    byte[] row = rows.get(Tables.META);
    return row == null ? START : CODEC.decode(row);
  }

  public byte[] encode() {
    return CODEC.encode(this);
  }

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
