package dev.kanal.scheduler.engine.row;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.scheduler.engine.row.JobStatus.LeaseState;
import dev.kanal.scheduler.engine.row.JobStatus.Sent;
import dev.kanal.scheduler.engine.row.JobStatus.Tries;
import org.jspecify.annotations.Nullable;

/** The bytes of a {@link JobStatus} within a job's row. */
final class JobStatusCodec {
  private static final JobState[] STATES = JobState.values();
  private static final Reason[] REASONS = Reason.values();

  private JobStatusCodec() {}

  static void write(BinaryWriter out, JobStatus status) {
    Reason reason = status.reason();
    Gate gate = status.gate();
    out.putByte(status.state().code())
        .putByte(reason == null ? -1 : reason.code())
        .putByte(gate == null ? -1 : gate.code());
    Tries tries = status.tries();
    out.putInt(tries.attempt())
        .putInt(tries.failures())
        .putInt(tries.forgiven())
        .putInt(tries.ended())
        .putInt(tries.snoozes())
        .putInt(tries.losses())
        .putInt(tries.crashes())
        .putLong(tries.unhandledMs());
    Sent sent = status.sent();
    out.putInt(sent.dispatch())
        .putInt(sent.ended())
        .putLong(sent.atMs())
        .putBoolean(sent.suspect());
    writeWorker(out, status.lease().worker());
    out.putLong(status.lease().untilMs())
        .putInt(status.lease().missed())
        .putBoolean(status.lease().lingering());
    out.putBoolean(status.holdsKey())
        .putLong(status.dueMs())
        .putLong(status.offset())
        .putLong(status.sinceMs())
        .putLong(status.commandOffset())
        .putLong(status.version());
  }

  static JobStatus read(BinaryReader in, int version) {
    return version == 1 ? readVersion1(in) : readVersion2(in);
  }

  private static JobStatus readVersion2(BinaryReader in) {
    JobState state = in.getEnum(STATES);
    Reason reason = readReason(in);
    int gate = in.getByte();
    Tries tries =
        new Tries(
            in.getInt(),
            in.getInt(),
            in.getInt(),
            in.getInt(),
            in.getInt(),
            in.getInt(),
            in.getInt(),
            in.getLong());
    Sent sent = new Sent(in.getInt(), in.getInt(), in.getLong(), in.getBoolean());
    LeaseState lease = new LeaseState(readWorker(in), in.getLong(), in.getInt(), in.getBoolean());
    return new JobStatus(
        state,
        reason,
        gate < 0 ? null : Gate.of(gate),
        tries,
        sent,
        lease,
        in.getBoolean(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong(),
        in.getLong());
  }

  /** Without gates, permits and commands; what was blocked waited for its queue. */
  private static JobStatus readVersion1(BinaryReader in) {
    JobState state = in.getEnum(STATES);
    Reason reason = readReason(in);
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
    long sinceMs = in.getLong();
    long version = in.getLong();
    WorkerRef worker = readWorker(in);
    boolean waits = state == JobState.SCHEDULED || state == JobState.RETRYING;
    return new JobStatus(
        state,
        reason,
        state == JobState.BLOCKED ? Gate.QUEUE : null,
        new Tries(attempt, failures, 0, ended, snoozes, crashes, crashes, 0),
        new Sent(dispatch, state.isFinal() ? dispatch : endedDispatch, sentMs, crashes > 0),
        worker == null ? LeaseState.NONE : LeaseState.of(worker, dueMs),
        false,
        waits ? dueMs : 0,
        offset,
        sinceMs,
        -1,
        version);
  }

  private static @Nullable Reason readReason(BinaryReader in) {
    int reason = in.getByte();
    return reason < 0 ? null : REASONS[reason];
  }

  private static void writeWorker(BinaryWriter out, @Nullable WorkerRef worker) {
    out.putBoolean(worker != null);
    if (worker != null) {
      out.putString(worker.name()).putFixedLong(worker.incarnation());
    }
  }

  private static @Nullable WorkerRef readWorker(BinaryReader in) {
    return in.getBoolean() ? new WorkerRef(in.getString(), in.getFixedLong()) : null;
  }
}
