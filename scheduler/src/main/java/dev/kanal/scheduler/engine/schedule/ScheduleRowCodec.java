package dev.kanal.scheduler.engine.schedule;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.log.ScheduleCodec;
import dev.kanal.common.log.SpecCodec;
import dev.kanal.common.schedule.ScheduleSpec;
import dev.kanal.common.schedule.SkipReason;
import dev.kanal.common.schedule.Skipped;
import dev.kanal.scheduler.engine.table.Codec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;

/** The bytes of a schedule's rows. */
final class ScheduleRowCodec {
  static final Codec<ScheduleRow> SCHEDULE =
      Codec.of(
          Codec.NEWEST, ScheduleRowCodec::size, ScheduleRowCodec::write, ScheduleRowCodec::read);

  static final Codec<ScheduleProgress> PROGRESS =
      Codec.of(
          Codec.NEWEST,
          ScheduleRowCodec::size,
          ScheduleRowCodec::write,
          ScheduleRowCodec::readProgress);

  private static final int OPTIONS_BYTES = 256;
  private static final int RUN_BYTES = 48;
  private static final JobState[] STATES = JobState.values();
  private static final SkipReason[] REASONS = SkipReason.values();

  private ScheduleRowCodec() {}

  private static int size(ScheduleRow row) {
    return OPTIONS_BYTES + row.spec().job().payload().length();
  }

  private static void write(BinaryWriter out, ScheduleRow row) {
    out.putString(row.name())
        .putLong(row.createdMs())
        .putLong(row.changedMs())
        .putLong(row.anchorMs())
        .putLong(row.revision());
    ScheduleCodec.writeSpec(out, row.spec());
    SpecCodec.writeTrace(out, row.trace());
  }

  private static ScheduleRow read(BinaryReader in, int version) {
    String name = in.getString();
    long createdMs = in.getLong();
    long changedMs = in.getLong();
    long anchorMs = in.getLong();
    long revision = in.getLong();
    ScheduleSpec spec = ScheduleCodec.readSpec(in, version);
    TraceContext trace = version < 4 ? TraceContext.NONE : SpecCodec.readTrace(in);
    return new ScheduleRow(name, spec, trace, createdMs, changedMs, anchorMs, revision);
  }

  private static int size(ScheduleProgress progress) {
    return OPTIONS_BYTES + (progress.runs().size() + progress.skipped().size()) * RUN_BYTES;
  }

  private static void write(BinaryWriter out, ScheduleProgress progress) {
    out.putLong(progress.consideredMs())
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
  }

  private static ScheduleProgress readProgress(BinaryReader in, int version) {
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
    JobId job = Codec.getJob(in);
    Instant firedAt = in.getInstant();
    long trigger = in.getLong();
    int state = in.getByte();
    return new ScheduledRun(
        tick, job, firedAt, trigger, state < 0 ? null : STATES[state], in.getNullableInstant());
  }
}
