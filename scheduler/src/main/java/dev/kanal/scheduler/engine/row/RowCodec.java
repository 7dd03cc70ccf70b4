package dev.kanal.scheduler.engine.row;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.OutcomeCodec;
import dev.kanal.common.log.QueueSettingsCodec;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.SpecCodec;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.queue.QueueSettings;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The bytes of the store's rows: a format version, then the fields. */
public final class RowCodec {
  public static final int VERSION = 4;

  private static final int EXPECTED_BYTES = 256;
  private static final int SMALL = 64;
  private static final int HAS_PAYLOAD = 1;
  private static final int HAS_RESULT = 2;
  private static final int HAS_ATTEMPT = 4;
  private static final Gate[] GATES = Gate.values();
  private static final JobState[] STATES = JobState.values();
  private static final Priority[] PRIORITIES = Priority.values();

  private RowCodec() {}

  public static byte[] encode(JobRow row) {
    int payload = row.body().payloadApart() ? 0 : row.spec().payload().length();
    BinaryWriter out = new BinaryWriter(EXPECTED_BYTES + payload).putByte(VERSION);
    out.putFixedLong(row.id().hi()).putFixedLong(row.id().lo()).putLong(row.createdMs());
    ProgressCodec.write(out, row.progress());
    SpecCodec.writeOptions(out, row.spec());
    SpecCodec.writeTrace(out, row.trace());
    writeBody(out, row);
    return out.toBytes();
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

  public static JobRow decodeJob(byte[] bytes) {
    BinaryReader in = open(bytes);
    int version = bytes[0];
    JobId id = new JobId(in.getFixedLong(), in.getFixedLong());
    long createdMs = in.getLong();
    Progress progress = ProgressCodec.read(in, version);
    JobSpec spec = SpecCodec.readOptions(in, version, JsonBytes.NULL);
    TraceContext trace = SpecCodec.readTrace(in);
    int has = version < 3 ? 0 : in.getByte();
    return new JobRow(
        id,
        (has & HAS_PAYLOAD) == 0 ? spec : spec.withPayload(JsonBytes.wrap(in.getBytes())),
        trace,
        createdMs,
        progress,
        new Body(
            (has & HAS_PAYLOAD) == 0,
            (has & HAS_RESULT) == 0 ? null : JsonBytes.wrap(in.getBytes()),
            (has & HAS_ATTEMPT) == 0 ? null : readAttempt(in, version)));
  }

  public static byte[] encode(Attempt attempt) {
    BinaryWriter out = new BinaryWriter(EXPECTED_BYTES).putByte(VERSION);
    writeAttempt(out, attempt);
    return out.toBytes();
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

  public static Attempt decodeAttempt(byte[] bytes) {
    return readAttempt(open(bytes), bytes[0]);
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

  public static byte[] encode(Meta meta) {
    return new BinaryWriter(SMALL)
        .putByte(VERSION)
        .putLong(meta.offset())
        .putLong(meta.nowMs())
        .putLong(meta.tickMs())
        .putLong(meta.leaseGraceMs())
        .putLong(meta.timerMs())
        .toBytes();
  }

  public static Meta decodeMeta(byte @Nullable [] bytes) {
    if (bytes == null) {
      return Meta.START;
    }
    BinaryReader in = open(bytes);
    return new Meta(in.getLong(), in.getLong(), in.getLong(), in.getLong(), in.getLong());
  }

  public static byte[] encode(Counts counts) {
    BinaryWriter out = new BinaryWriter(SMALL).putByte(VERSION);
    for (JobState state : STATES) {
      out.putLong(counts.of(state));
    }
    out.putLong(counts.lingering());
    for (Priority priority : PRIORITIES) {
      out.putLong(counts.queued(priority));
    }
    out.putLong(counts.arrived()).putLong(counts.drained());
    if (counts.of(JobState.BLOCKED) != 0) {
      out.putByte(GATES.length);
      for (Gate gate : GATES) {
        out.putLong(counts.blocked(gate));
      }
    }
    return out.toBytes();
  }

  public static Counts decodeCounts(byte @Nullable [] bytes) {
    Counts counts = new Counts();
    if (bytes != null) {
      BinaryReader in = open(bytes);
      for (JobState state : STATES) {
        counts.add(state, in.getLong());
      }
      counts.addLingering(bytes[0] == 1 ? 0 : in.getLong());
      if (bytes[0] < 4) {
        counts.addQueued(Priority.NORMAL, counts.of(JobState.QUEUED));
      } else {
        for (Priority priority : PRIORITIES) {
          counts.addQueued(priority, in.getLong());
        }
        counts.addArrived(in.getLong());
        counts.addDrained(in.getLong());
      }
      readGates(in, counts);
    }
    return counts;
  }

  /** Only where jobs are blocked, and behind all that release 0.1.0 wrote and reads. */
  private static void readGates(BinaryReader in, Counts counts) {
    if (in.atEnd()) {
      if (counts.of(JobState.BLOCKED) != 0) {
        counts.forgetGates();
      }
      return;
    }
    int gates = in.getByte();
    for (int code = 0; code < gates; code++) {
      long jobs = in.getLong();
      if (code < GATES.length) {
        counts.addBlocked(GATES[code], jobs);
      }
    }
  }

  public static byte[] encode(QueueRow row) {
    BinaryWriter out = new BinaryWriter(SMALL).putByte(VERSION).putLong(row.revision());
    QueueSettings settings = row.settings();
    out.putBoolean(settings != null);
    if (settings != null) {
      QueueSettingsCodec.write(out, settings);
    }
    return out.toBytes();
  }

  public static QueueRow decodeQueue(byte[] bytes) {
    BinaryReader in = open(bytes);
    long revision = in.getLong();
    return new QueueRow(in.getBoolean() ? QueueSettingsCodec.read(in) : null, revision);
  }

  public static byte[] encode(KeyRow row) {
    BinaryWriter out = new BinaryWriter(SMALL).putByte(VERSION);
    out.putInt(row.held()).putInt(row.limit()).putInt(row.waiting()).putLong(row.front());
    if (!row.holders().isEmpty()) {
      out.putByte(row.holders().size());
      row.holders().forEach(job -> out.putFixedLong(job.hi()).putFixedLong(job.lo()));
    }
    return out.toBytes();
  }

  public static KeyRow decodeKey(byte[] bytes) {
    BinaryReader in = open(bytes);
    int held = in.getInt();
    int limit = in.getInt();
    int waiting = in.getInt();
    long front = in.getLong();
    List<JobId> holders = new ArrayList<>();
    for (int left = in.atEnd() ? 0 : in.getByte(); left > 0; left--) {
      holders.add(new JobId(in.getFixedLong(), in.getFixedLong()));
    }
    return new KeyRow(held, limit, waiting, front, holders);
  }

  public static byte[] encode(TokenBucket bucket) {
    BinaryWriter out = new BinaryWriter(SMALL).putByte(VERSION);
    return out.putFixedLong(bucket.fullNanos()).putLong(bucket.armedMs()).toBytes();
  }

  public static TokenBucket decodeTokens(byte[] bytes) {
    BinaryReader in = open(bytes);
    return new TokenBucket(in.getFixedLong(), in.getLong());
  }

  public static byte[] encode(JobProgress progress) {
    return new BinaryWriter(SMALL)
        .putByte(VERSION)
        .putDouble(progress.fraction())
        .putNullableString(progress.message())
        .toBytes();
  }

  public static JobProgress decodeJobProgress(byte[] bytes) {
    BinaryReader in = open(bytes);
    return new JobProgress(in.getDouble(), in.getNullableString());
  }

  /** The job that an idempotency key means, and what was submitted with it. */
  public static byte[] encode(JobId job, Idempotency idempotency) {
    return new BinaryWriter(SMALL)
        .putByte(VERSION)
        .putFixedLong(job.hi())
        .putFixedLong(job.lo())
        .putFixedLong(idempotency.bodyHi())
        .putFixedLong(idempotency.bodyLo())
        .toBytes();
  }

  public static Submitted decodeSubmitted(byte[] bytes) {
    BinaryReader in = open(bytes);
    JobId job = new JobId(in.getFixedLong(), in.getFixedLong());
    return new Submitted(job, in.getFixedLong(), in.getFixedLong());
  }

  /** The first submit with an idempotency key. */
  public record Submitted(JobId job, long bodyHi, long bodyLo) {}

  public static byte[] encode(ParkedRow row) {
    var run = row.run();
    BinaryWriter out =
        new BinaryWriter(EXPECTED_BYTES)
            .putByte(VERSION)
            .putFixedLong(run.job().hi())
            .putFixedLong(run.job().lo())
            .putInt(run.dispatch())
            .putString(run.worker().name())
            .putFixedLong(run.worker().incarnation());
    OutcomeCodec.writeToken(out, row.token());
    return out.putInstant(row.startedAt()).putBoolean(row.completed()).toBytes();
  }

  public static ParkedRow decodeParked(byte[] bytes) {
    BinaryReader in = open(bytes);
    JobId job = new JobId(in.getFixedLong(), in.getFixedLong());
    int dispatch = in.getInt();
    WorkerRef worker = new WorkerRef(in.getString(), in.getFixedLong());
    return new ParkedRow(
        new Run(job, dispatch, worker),
        OutcomeCodec.readToken(in),
        in.getInstant(),
        in.getBoolean());
  }

  public static byte[] encodeText(String text) {
    return new BinaryWriter(EXPECTED_BYTES).putByte(VERSION).putString(text).toBytes();
  }

  public static String decodeText(byte[] bytes) {
    return open(bytes).getString();
  }

  public static byte[] encodeNumber(long number) {
    return new BinaryWriter(Long.BYTES).putByte(VERSION).putLong(number).toBytes();
  }

  public static long decodeNumber(byte[] bytes) {
    return open(bytes).getLong();
  }

  /** Jobs that are forgotten together. */
  public static byte[] append(byte @Nullable [] jobs, JobId job) {
    byte[] before = jobs == null ? new byte[] {VERSION} : jobs;
    ByteBuffer all = ByteBuffer.allocate(before.length + JobId.BYTES).put(before);
    return all.putLong(job.hi()).putLong(job.lo()).array();
  }

  public static List<JobId> decodeJobs(byte[] bytes) {
    List<JobId> jobs = new ArrayList<>(bytes.length / JobId.BYTES);
    for (int at = 1; at < bytes.length; at += JobId.BYTES) {
      jobs.add(JobId.fromBytes(bytes, at));
    }
    return jobs;
  }

  public static BinaryReader open(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    int version = in.getByte();
    if (version < 1 || version > VERSION) {
      throw new UnreadableException(
          "Expected a row of version 1 to " + VERSION + ", but found " + version);
    }
    return in;
  }
}
