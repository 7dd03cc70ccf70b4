package dev.kanal.scheduler.engine;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.OutcomeCodec;
import dev.kanal.common.log.SpecCodec;
import dev.kanal.common.log.WorkerRef;
import org.jspecify.annotations.Nullable;

/** The bytes of the store's rows: a format version, then the fields. */
final class RowCodec {
  static final int VERSION = 2;

  private static final int EXPECTED_BYTES = 256;
  private static final JobState[] STATES = JobState.values();
  private static final Reason[] REASONS = Reason.values();

  private RowCodec() {}

  static byte[] encode(JobRow row) {
    BinaryWriter out = new BinaryWriter(EXPECTED_BYTES).putByte(VERSION);
    out.putFixedLong(row.id().hi()).putFixedLong(row.id().lo()).putLong(row.createdMs());
    writeProgress(out, row.progress());
    SpecCodec.writeOptions(out, row.spec());
    SpecCodec.writeTrace(out, row.trace());
    return out.toBytes();
  }

  static JobRow decodeJob(byte[] bytes) {
    BinaryReader in = open(bytes);
    int version = bytes[0];
    JobId id = new JobId(in.getFixedLong(), in.getFixedLong());
    long createdMs = in.getLong();
    Progress progress = readProgress(in);
    return new JobRow(
        id,
        SpecCodec.readOptions(in, version, JsonBytes.NULL),
        SpecCodec.readTrace(in),
        createdMs,
        progress);
  }

  static byte[] encode(Attempt attempt) {
    BinaryWriter out =
        new BinaryWriter(EXPECTED_BYTES)
            .putByte(VERSION)
            .putInt(attempt.number())
            .putInt(attempt.dispatch())
            .putString(attempt.outcome())
            .putString(attempt.worker())
            .putInstant(attempt.startedAt())
            .putInstant(attempt.finishedAt());
    var error = attempt.error();
    if (error == null) {
      return out.putBoolean(false).toBytes();
    }
    OutcomeCodec.writeError(out.putBoolean(true), error);
    return out.toBytes();
  }

  static Attempt decodeAttempt(byte[] bytes) {
    BinaryReader in = open(bytes);
    return new Attempt(
        in.getInt(),
        in.getInt(),
        in.getString(),
        in.getString(),
        in.getInstant(),
        in.getInstant(),
        in.getBoolean() ? OutcomeCodec.readError(in) : null);
  }

  static byte[] encode(Meta meta) {
    return new BinaryWriter(EXPECTED_BYTES)
        .putByte(VERSION)
        .putLong(meta.offset())
        .putLong(meta.nowMs())
        .putLong(meta.tickMs())
        .putLong(meta.leaseGraceMs())
        .putLong(meta.timerMs())
        .toBytes();
  }

  static Meta decodeMeta(byte @Nullable [] bytes) {
    if (bytes == null) {
      return Meta.START;
    }
    BinaryReader in = open(bytes);
    return new Meta(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }

  static byte[] encode(Counts counts) {
    BinaryWriter out = new BinaryWriter(EXPECTED_BYTES).putByte(VERSION);
    for (JobState state : STATES) {
      out.putLong(counts.of(state));
    }
    return out.toBytes();
  }

  static Counts decodeCounts(byte @Nullable [] bytes) {
    Counts counts = new Counts();
    if (bytes != null) {
      BinaryReader in = open(bytes);
      for (JobState state : STATES) {
        counts.add(state, in.getLong());
      }
    }
    return counts;
  }

  static byte[] encodeText(String text) {
    return new BinaryWriter(EXPECTED_BYTES).putByte(VERSION).putString(text).toBytes();
  }

  static String decodeText(byte[] bytes) {
    return open(bytes).getString();
  }

  static byte[] encodeNumber(long number) {
    return new BinaryWriter(Long.BYTES).putByte(VERSION).putLong(number).toBytes();
  }

  static long decodeNumber(byte[] bytes) {
    return open(bytes).getLong();
  }

  private static void writeProgress(BinaryWriter out, Progress progress) {
    Reason reason = progress.reason();
    out.putByte(progress.state().code())
        .putByte(reason == null ? -1 : reason.code())
        .putInt(progress.attempt())
        .putInt(progress.failures())
        .putInt(progress.ended())
        .putInt(progress.endedDispatch())
        .putInt(progress.dispatch())
        .putInt(progress.snoozes())
        .putInt(progress.crashes())
        .putLong(progress.dueMs())
        .putLong(progress.offset())
        .putLong(progress.sentMs())
        .putLong(progress.finishedMs())
        .putLong(progress.version());
    WorkerRef holder = progress.holder();
    out.putBoolean(holder != null);
    if (holder != null) {
      out.putString(holder.name()).putFixedLong(holder.incarnation());
    }
  }

  private static Progress readProgress(BinaryReader in) {
    JobState state = in.getEnum(STATES);
    int reason = in.getByte();
    int attempt = in.getInt();
    int failures = in.getInt();
    int ended = in.getInt();
    int endedDispatch = in.getInt();
    int dispatch = in.getInt();
    int snoozes = in.getInt();
    int crashes = in.getInt();
    long dueMs = in.getLong();
    long offset = in.getLong();
    long sentMs = in.getLong();
    long finishedMs = in.getLong();
    long version = in.getLong();
    WorkerRef holder = in.getBoolean() ? new WorkerRef(in.getString(), in.getFixedLong()) : null;
    return new Progress(
        state,
        reason < 0 ? null : REASONS[reason],
        attempt,
        failures,
        ended,
        endedDispatch,
        dispatch,
        snoozes,
        crashes,
        dueMs,
        offset,
        sentMs,
        holder,
        finishedMs,
        version);
  }

  private static BinaryReader open(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    int version = in.getByte();
    if (version < 1 || version > VERSION) {
      throw new UnreadableException(
          "Expected a row of version 1 to " + VERSION + ", but found " + version);
    }
    return in;
  }
}
