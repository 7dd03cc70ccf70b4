package dev.kanal.scheduler.engine.flow;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.flow.plan.FlowReason;
import dev.kanal.common.flow.plan.StepCounts;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.MemberTemplate;
import dev.kanal.scheduler.engine.table.Codec;
import java.util.BitSet;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** A step of a flow that has begun; belongs to one decision, or to one reader. */
public final class StepRow {
  static final Codec<StepRow> CODEC = Codec.of(1, _ -> 128, StepRow::write, StepRow::read);

  private static final FlowReason[] REASONS = FlowReason.values();
  private static final Reason[] WHYS = Reason.values();
  private static final int NONE = -1;

  /** 0 until it has started, or ended. */
  long startedMs;

  long endedMs;

  /** Why it ended, or is about to, other than by success. */
  @Nullable FlowReason reason;

  /** Null until its width is known. */
  @Nullable StepCounts counts;

  /** What the ids of its jobs are made of; null before the first. */
  MemberTemplate.@Nullable Made made;

  /** The number of the next member to make: all before have been made. */
  int next;

  /** Why the members that are out are to be cancelled; null if they are not. */
  @Nullable Reason stop;

  /** The first that may have to be cancelled still. */
  int stopped;

  /** When its timers are due, by branch; 0 but for a race. */
  final Map<Integer, Long> timers = new TreeMap<>();

  /** The branch of a race that won; {@link #NONE} before. */
  int winner = NONE;

  /** Of the items that were added last. */
  long sequence;

  /** Bytes of results that it collects. */
  long collected;

  /** Shards that have its template. */
  BitSet shards = new BitSet();

  /** Whether something of it is to be written. */
  boolean changed;

  public long startedMs() {
    return startedMs;
  }

  public long endedMs() {
    return endedMs;
  }

  public @Nullable FlowReason reason() {
    return reason;
  }

  public @Nullable StepCounts counts() {
    return counts;
  }

  public MemberTemplate.@Nullable Made made() {
    return made;
  }

  /** How many members have been made. */
  public int next() {
    return next;
  }

  public long sequence() {
    return sequence;
  }

  /** The branch of a race that won, or -1. */
  public int winner() {
    return winner;
  }

  private static void write(BinaryWriter out, StepRow row) {
    FlowReason reason = row.reason;
    Reason stop = row.stop;
    out.putLong(row.startedMs).putLong(row.endedMs);
    out.putByte(reason == null ? NONE : reason.code());
    StepCounts counts = row.counts;
    out.putBoolean(counts != null);
    if (counts != null) {
      out.putInt(counts.width()).putInt(counts.launched()).putInt(counts.ended());
      out.putInt(counts.failed()).putBoolean(counts.sealed()).putBoolean(counts.expired());
      out.putInt(counts.lapsed());
    }
    MemberTemplate.Made made = row.made;
    out.putBoolean(made != null);
    if (made != null) {
      out.putLong(made.ms()).putInt(made.round());
    }
    out.putInt(row.next).putByte(stop == null ? NONE : stop.code()).putInt(row.stopped);
    out.putInt(row.timers.size());
    row.timers.forEach((branch, at) -> out.putInt(branch).putLong(at));
    out.putInt(row.winner).putLong(row.sequence).putLong(row.collected);
    out.putBytes(row.shards.toByteArray());
  }

  private static StepRow read(BinaryReader in, int version) {
    StepRow row = new StepRow();
    row.startedMs = in.getLong();
    row.endedMs = in.getLong();
    int reason = in.getByte();
    row.reason = reason == NONE ? null : REASONS[reason];
    row.counts =
        in.getBoolean()
            ? new StepCounts(
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getInt(),
                in.getBoolean(),
                in.getBoolean(),
                in.getInt())
            : null;
    row.made = in.getBoolean() ? new MemberTemplate.Made(in.getLong(), in.getInt()) : null;
    row.next = in.getInt();
    int stop = in.getByte();
    row.stop = stop == NONE ? null : WHYS[stop];
    row.stopped = in.getInt();
    for (int left = in.getInt(); left > 0; left--) {
      row.timers.put(in.getInt(), in.getLong());
    }
    row.winner = in.getInt();
    row.sequence = in.getLong();
    row.collected = in.getLong();
    row.shards = BitSet.valueOf(in.getBytes());
    return row;
  }
}
