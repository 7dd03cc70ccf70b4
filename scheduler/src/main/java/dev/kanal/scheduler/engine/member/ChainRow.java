package dev.kanal.scheduler.engine.member;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.FlowCodec;
import dev.kanal.common.log.FlowItem;
import dev.kanal.scheduler.engine.table.Codec;
import dev.kanal.scheduler.engine.table.KeyCodec;
import dev.kanal.scheduler.engine.table.Letter;
import dev.kanal.scheduler.engine.table.Table;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A member that this shard leads through the stages of its chain; it is kept until the member is
 * forgotten.
 *
 * @param jobs of its stages so far
 * @param out whether the last of them has not ended
 * @param item kept only if a later stage needs it
 * @param stop why it is to end at the next stage; null if it goes on
 */
record ChainRow(List<JobId> jobs, boolean out, @Nullable FlowItem item, @Nullable Reason stop) {
  private static final Reason[] REASONS = Reason.values();

  static final Table<Key, ChainRow> TABLE =
      new Table<>(
          Letter.CHAIN,
          KeyCodec.ofWriter(
              (letter, key) -> {
                byte[] step = KeyCodec.utf8(key.step);
                ByteBuffer bytes =
                    KeyCodec.of(letter, JobId.BYTES + step.length + 1 + Integer.BYTES);
                bytes.putLong(key.flow.hi()).putLong(key.flow.lo()).put(step).put((byte) 0);
                return KeyCodec.wrap(bytes.putInt(key.index));
              }),
          Codec.of(1, _ -> 64, ChainRow::write, ChainRow::read));

  /** A member of a step. */
  record Key(JobId flow, String step, int index) {}

  ChainRow {
    jobs = List.copyOf(jobs);
  }

  /** Of a member that begins. */
  static ChainRow begin(@Nullable FlowItem item) {
    return new ChainRow(List.of(), false, item, null);
  }

  /** The next stage has begun. */
  ChainRow plus(JobId job) {
    List<JobId> all = new ArrayList<>(jobs);
    all.add(job);
    return new ChainRow(all, true, item, stop);
  }

  /** The last stage has ended, and another follows. */
  ChainRow between() {
    return new ChainRow(jobs, false, item, stop);
  }

  /** The member has ended. */
  ChainRow ended() {
    return new ChainRow(jobs, false, null, stop);
  }

  ChainRow stopped(Reason why) {
    return new ChainRow(jobs, out, item, why);
  }

  /** Whether this job's end is that of the stage which is out. */
  boolean isOut(JobId job) {
    return out && jobs.getLast().equals(job);
  }

  private static void write(BinaryWriter out, ChainRow row) {
    Codec.putJobs(out, row.jobs);
    out.putBoolean(row.out);
    FlowCodec.writeItem(out, row.item);
    out.putByte(row.stop == null ? -1 : row.stop.code());
  }

  private static ChainRow read(BinaryReader in, int version) {
    List<JobId> jobs = Codec.getJobs(in);
    boolean out = in.getBoolean();
    FlowItem item = FlowCodec.readNullableItem(in);
    int stop = in.getByte();
    return new ChainRow(jobs, out, item, stop < 0 ? null : REASONS[stop]);
  }
}
