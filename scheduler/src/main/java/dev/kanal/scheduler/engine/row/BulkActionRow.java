package dev.kanal.scheduler.engine.row;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.BulkActionCodec;
import dev.kanal.scheduler.engine.table.Codec;
import org.jspecify.annotations.Nullable;

/**
 * A bulk action's part in one shard.
 *
 * @param asOfMs jobs that came, or ended, later are not meant
 * @param reached the last job looked at, from the newest to the oldest; null at first
 * @param taken jobs of the list that were looked at
 * @param finishedMs 0 while it runs
 */
public record BulkActionRow(
    BulkActionOrder order,
    long asOfMs,
    Status status,
    @Nullable JobId reached,
    int taken,
    Tally tally,
    long finishedMs) {
  static final Codec<BulkActionRow> CODEC =
      Codec.of(1, _ -> 256, BulkActionRow::write, BulkActionRow::read);

  private static final Status[] STATUSES = Status.values();

  public static BulkActionRow begin(BulkActionOrder order, long asOfMs) {
    return new BulkActionRow(order, asOfMs, Status.RUNNING, null, 0, Tally.NONE, 0);
  }

  /** Whether it goes on. */
  public enum Status {
    RUNNING(0),
    DONE(1),
    STOPPED(2);

    private final int code;

    Status(int code) {
      this.code = code;
    }

    /** The number in rows, fixed for ever; readers take it as the place in this list. */
    int code() {
      return code;
    }
  }

  /** What became of the jobs so far. */
  public record Tally(long matched, long done, long skipped, long failed) {
    public static final Tally NONE = new Tally(0, 0, 0, 0);

    public Tally plus(Tally other) {
      return new Tally(
          matched + other.matched,
          done + other.done,
          skipped + other.skipped,
          failed + other.failed);
    }
  }

  /**
   * What one step has taken.
   *
   * @param reached the last job looked at; null if there are no more
   * @param taken jobs of the list that were looked at, in all
   */
  public record Taken(JobId bulk, @Nullable JobId reached, int taken, boolean end, Tally tally) {}

  public BulkActionRow plus(Taken next, long nowMs) {
    Tally sum = tally.plus(next.tally);
    BulkActionRow on = new BulkActionRow(order, asOfMs, status, next.reached, next.taken, sum, 0);
    return next.end ? on.finished(Status.DONE, nowMs) : on;
  }

  /** Its list is not needed any more. */
  public BulkActionRow finished(Status how, long nowMs) {
    return new BulkActionRow(order.withoutJobs(), asOfMs, how, reached, taken, tally, nowMs);
  }

  private static void write(BinaryWriter out, BulkActionRow row) {
    JobId reached = row.reached;
    out.putLong(row.asOfMs).putByte(row.status.code()).putBoolean(reached != null);
    if (reached != null) {
      Codec.putJob(out, reached);
    }
    Tally tally = row.tally;
    out.putInt(row.taken).putLong(tally.matched).putLong(tally.done);
    out.putLong(tally.skipped).putLong(tally.failed).putLong(row.finishedMs);
    BulkActionCodec.write(out, row.order);
  }

  private static BulkActionRow read(BinaryReader in, int version) {
    long asOfMs = in.getLong();
    Status status = in.getEnum(STATUSES);
    JobId reached = in.getBoolean() ? Codec.getJob(in) : null;
    int taken = in.getInt();
    Tally tally = new Tally(in.getLong(), in.getLong(), in.getLong(), in.getLong());
    long finishedMs = in.getLong();
    return new BulkActionRow(
        BulkActionCodec.readOrder(in), asOfMs, status, reached, taken, tally, finishedMs);
  }
}
