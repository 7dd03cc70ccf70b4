package dev.kanal.scheduler.engine.row;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.log.OutcomeCodec;
import dev.kanal.common.log.SpecCodec;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.scheduler.engine.table.Codec;

/** The bytes of a job's row, and of those of its attempts. */
final class JobCodec {
  static final Codec<JobRow> JOB =
      Codec.of(Codec.NEWEST, JobCodec::size, JobCodec::write, JobCodec::read);

  static final Codec<Attempt> ATTEMPT =
      Codec.of(
          Codec.NEWEST,
          _ -> JobCodec.EXPECTED_BYTES,
          JobCodec::writeAttempt,
          JobCodec::readAttempt);

  private static final int EXPECTED_BYTES = 256;
  private static final int HAS_PAYLOAD = 1;
  private static final int HAS_RESULT = 2;
  private static final int HAS_ATTEMPT = 4;

  private JobCodec() {}

  private static int size(JobRow row) {
    return EXPECTED_BYTES + (row.body().payloadApart() ? 0 : row.spec().payload().length());
  }

  private static void write(BinaryWriter out, JobRow row) {
    Codec.putJob(out, row.id()).putLong(row.createdMs());
    JobStatusCodec.write(out, row.status());
    SpecCodec.writeOptions(out, row.spec());
    SpecCodec.writeTrace(out, row.trace());
    writeBody(out, row);
  }

  private static void writeBody(BinaryWriter out, JobRow row) {
    Body body = row.body();
    JsonBytes result = body.result();
    Attempt last = body.last();
    out.putByte(
        (body.payloadApart() ? 0 : HAS_PAYLOAD)
            | (result == null ? 0 : HAS_RESULT)
            | (last == null ? 0 : HAS_ATTEMPT));
    if (!body.payloadApart()) {
      out.putBytes(row.spec().payload().utf8());
    }
    if (result != null) {
      out.putBytes(result.utf8());
    }
    if (last != null) {
      writeAttempt(out, last);
    }
  }

  private static JobRow read(BinaryReader in, int version) {
    JobId id = Codec.getJob(in);
    long createdMs = in.getLong();
    JobStatus status = JobStatusCodec.read(in, version);
    JobSpec spec = SpecCodec.readOptions(in, version, JsonBytes.NULL);
    TraceContext trace = SpecCodec.readTrace(in);
    int has = version < 3 ? 0 : in.getByte();
    return new JobRow(
        id,
        (has & HAS_PAYLOAD) == 0 ? spec : spec.withPayload(JsonBytes.wrap(in.getBytes())),
        trace,
        createdMs,
        status,
        new Body(
            (has & HAS_PAYLOAD) == 0,
            (has & HAS_RESULT) == 0 ? null : JsonBytes.wrap(in.getBytes()),
            (has & HAS_ATTEMPT) == 0 ? null : readAttempt(in, version)));
  }

  private static void writeAttempt(BinaryWriter out, Attempt attempt) {
    out.putInt(attempt.number())
        .putInt(attempt.dispatch())
        .putString(attempt.outcome())
        .putString(attempt.worker())
        .putInstant(attempt.startedAt())
        .putInstant(attempt.finishedAt());
    var error = attempt.error();
    out.putBoolean(error != null);
    if (error != null) {
      OutcomeCodec.writeError(out, error);
    }
    var trace = attempt.trace();
    out.putBoolean(trace != null);
    if (trace != null) {
      OutcomeCodec.writeTrace(out, trace);
    }
    out.putNullableInstant(attempt.sentAt()).putNullableInstant(attempt.recordedAt());
  }

  private static Attempt readAttempt(BinaryReader in, int version) {
    return new Attempt(
        in.getInt(),
        in.getInt(),
        in.getString(),
        WorkerRef.shown(in.getString()),
        in.getInstant(),
        in.getInstant(),
        in.getBoolean() ? OutcomeCodec.readError(in) : null,
        version > 3 && in.getBoolean() ? OutcomeCodec.readTrace(in) : null,
        version > 3 ? in.getNullableInstant() : null,
        version > 3 ? in.getNullableInstant() : null);
  }
}
