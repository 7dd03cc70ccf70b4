package dev.kanal.scheduler.engine.schedule;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.log.ScheduleCodec;
import dev.kanal.common.log.SpecCodec;
import dev.kanal.common.schedule.ScheduleSpec;
import dev.kanal.common.schedule.SkipReason;
import dev.kanal.common.schedule.Skipped;
import dev.kanal.scheduler.engine.row.RowCodec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The bytes of a schedule's rows: a format version, then the fields. */
public final class ScheduleRowCodec {
  private static final int OPTIONS_BYTES = 256;
  private static final int RUN_BYTES = 48;
  private static final JobState[] STATES = JobState.values();
  private static final SkipReason[] REASONS = SkipReason.values();

  private ScheduleRowCodec() {}

  static byte[] encode(ScheduleRow row) {
    BinaryWriter out =
        new BinaryWriter(OPTIONS_BYTES + row.spec().job().payload().length())
            .putByte(RowCodec.VERSION)
            .putString(row.name())
            .putLong(row.createdMs())
            .putLong(row.changedMs())
            .putLong(row.anchorMs())
            .putLong(row.revision());
    ScheduleCodec.writeSpec(out, row.spec());
    SpecCodec.writeTrace(out, row.trace());
    return out.toBytes();
  }

  public static ScheduleRow decodeSchedule(byte[] bytes) {
    BinaryReader in = open(bytes);
    String name = in.getString();
    long createdMs = in.getLong();
    long changedMs = in.getLong();
    long anchorMs = in.getLong();
    long revision = in.getLong();
    ScheduleSpec spec = ScheduleCodec.readSpec(in, bytes[0]);
    TraceContext trace = bytes[0] < 4 ? TraceContext.NONE : SpecCodec.readTrace(in);
    return new ScheduleRow(name, spec, trace, createdMs, changedMs, anchorMs, revision);
  }

  static byte[] encode(ScheduleProgress progress) {
    int items = progress.runs().size() + progress.skipped().size();
    BinaryWriter out =
        new BinaryWriter(OPTIONS_BYTES + items * RUN_BYTES)
            .putByte(RowCodec.VERSION)
            .putLong(progress.consideredMs())
            .putLong(progress.pausedUntilMs())
            .putLong(progress.nextMs());
    out.putInt(progress.commands().size());
    progress.commands().forEach(out::putLong);
    out.putInt(progress.runs().size());
    progress.runs().forEach(run -> write(out, run));
    out.putInt(progress.skipped().size());
    for (Skipped skipped : progress.skipped()) {
      out.putByte(skipped.reason().code()).putLong(skipped.count());
      out.putInstant(skipped.first()).putInstant(skipped.last());
    }
    return out.toBytes();
  }

  public static ScheduleProgress decodeProgress(byte[] bytes) {
    BinaryReader in = open(bytes);
    long consideredMs = in.getLong();
    long pausedUntilMs = in.getLong();
    long nextMs = in.getLong();
    List<Long> commands = new ArrayList<>();
    for (int left = in.getInt(); left > 0; left--) {
      commands.add(in.getLong());
    }
    List<ScheduledRun> runs = new ArrayList<>();
    for (int left = in.getInt(); left > 0; left--) {
      runs.add(readRun(in));
    }
    List<Skipped> skipped = new ArrayList<>();
    for (int left = in.getInt(); left > 0; left--) {
      skipped.add(new Skipped(in.getEnum(REASONS), in.getLong(), in.getInstant(), in.getInstant()));
    }
    return new ScheduleProgress(consideredMs, pausedUntilMs, nextMs, commands, runs, skipped);
  }

  private static void write(BinaryWriter out, ScheduledRun run) {
    JobState state = run.state();
    out.putInstant(run.tick())
        .putFixedLong(run.job().hi())
        .putFixedLong(run.job().lo())
        .putInstant(run.firedAt())
        .putLong(run.trigger())
        .putByte(state == null ? -1 : state.code())
        .putNullableInstant(run.endedAt());
  }

  private static ScheduledRun readRun(BinaryReader in) {
    Instant tick = in.getInstant();
    JobId job = new JobId(in.getFixedLong(), in.getFixedLong());
    Instant firedAt = in.getInstant();
    long trigger = in.getLong();
    int state = in.getByte();
    return new ScheduledRun(
        tick, job, firedAt, trigger, state < 0 ? null : STATES[state], in.getNullableInstant());
  }

  private static BinaryReader open(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    int version = in.getByte();
    if (version < 1 || version > RowCodec.VERSION) {
      throw new UnreadableException(
          "Expected a row of version 1 to " + RowCodec.VERSION + ", but found " + version);
    }
    return in;
  }
}
