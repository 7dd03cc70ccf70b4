package dev.kanal.scheduler.engine.row;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.log.LogFormat;
import dev.kanal.scheduler.engine.table.Codec;
import dev.kanal.scheduler.engine.table.Lookup;

/**
 * How far a shard is.
 *
 * <p>Whoever opens a shard reads this row. As long as the log has the first format it is written as
 * the first releases read it; after that in a version that they refuse, so that none of them passes
 * over entries that it cannot read.
 *
 * @param offset of the last log record applied; -1 before the first
 * @param nowMs the shard's time: the greatest record time read
 * @param tickMs the time of the last tick
 * @param leaseGraceMs no lease is judged before this time
 * @param timerMs every timer due before this time has fired: where the next scan starts
 * @param logFormat the number of the {@link LogFormat} that the log may have
 */
public record Meta(
    long offset, long nowMs, long tickMs, long leaseGraceMs, long timerMs, int logFormat) {
  private static final int FIRST_FORMAT = LogFormat.JOBS.number();

  /** The version without a format. */
  private static final int PLAIN = 4;

  private static final int WITH_FORMAT = 5;

  public static final Meta START = new Meta(-1, 0, 0, 0, 0, FIRST_FORMAT);

  private static final Codec<Meta> CODEC = Codec.of(Meta::write, Meta::read);

  /** As a shard's store has it. */
  public static Meta of(Lookup rows) {
    byte[] row = rows.get(Tables.META);
    return row == null ? START : CODEC.decode(row);
  }

  private static byte[] write(Meta meta) {
    boolean plain = meta.logFormat == FIRST_FORMAT;
    BinaryWriter out =
        new BinaryWriter(Codec.SMALL)
            .putByte(plain ? PLAIN : WITH_FORMAT)
            .putLong(meta.offset)
            .putLong(meta.nowMs)
            .putLong(meta.tickMs)
            .putLong(meta.leaseGraceMs)
            .putLong(meta.timerMs);
    return (plain ? out : out.putInt(meta.logFormat)).toBytes();
  }

  private static Meta read(byte[] bytes) {
    BinaryReader in = Codec.open(bytes, WITH_FORMAT);
    return new Meta(
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        bytes[0] < WITH_FORMAT ? FIRST_FORMAT : in.getInt());
  }

  public byte[] encode() {
    return CODEC.encode(this);
  }

  public Meta at(long newOffset, long newNowMs) {
    return new Meta(newOffset, newNowMs, tickMs, leaseGraceMs, timerMs, logFormat);
  }

  public Meta ticked(long graceMs) {
    return new Meta(offset, nowMs, nowMs, graceMs, timerMs, logFormat);
  }

  public Meta firedBefore(long dueMs) {
    return new Meta(offset, nowMs, tickMs, leaseGraceMs, dueMs, logFormat);
  }

  /** A timer has been armed: the next scan starts no later. */
  public Meta armed(long dueMs) {
    return dueMs >= timerMs ? this : firedBefore(dueMs);
  }

  /** From the next record on the log may have this format. */
  public Meta withLogFormat(int format) {
    return new Meta(offset, nowMs, tickMs, leaseGraceMs, timerMs, format);
  }
}
