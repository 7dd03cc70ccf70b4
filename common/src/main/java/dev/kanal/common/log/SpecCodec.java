package dev.kanal.common.log;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Owner;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.job.ScheduleTick;
import dev.kanal.common.job.StartTime;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The bytes of a {@link JobSpec} and of a {@link TraceContext} within a record or row. */
public final class SpecCodec {
  private static final int OF_SCHEDULE = 1;
  private static final int OF_PARENT = 2;
  private static final int OF_OWNER = 4;

  private SpecCodec() {}

  public static void write(BinaryWriter out, JobSpec spec) {
    out.putBytes(spec.payload().utf8());
    writeOptions(out, spec);
  }

  /** Everything but the payload. */
  public static void writeOptions(BinaryWriter out, JobSpec spec) {
    out.putString(spec.type()).putString(spec.queue()).putByte(spec.priority().code());
    writeStart(out, spec.start());
    out.putDuration(spec.timeout()).putNullableInstant(spec.deadline());
    writeRetry(out, spec.retry());
    out.putInt(spec.tags().size());
    spec.tags().forEach((name, value) -> out.putString(name).putString(value));
    out.putDuration(spec.retention().succeeded()).putDuration(spec.retention().other());
    writeKey(out, spec.key());
    writeIdempotency(out, spec.idempotency());
    writeOrigin(out, spec);
  }

  /**
   * Reads what {@link #write} wrote.
   *
   * @param version of the record or row; the fields of version 2 are missing in version 1
   */
  public static JobSpec read(BinaryReader in, int version) {
    return readOptions(in, version, JsonBytes.wrap(in.getBytes()));
  }

  /** What {@link #writeOptions} wrote, put together with its payload. */
  public static JobSpec readOptions(BinaryReader in, int version, JsonBytes payload) {
    boolean first = version == 1;
    JobSpec spec = readUpToIdempotency(in, first, payload);
    return first ? spec : readOrigin(in, spec);
  }

  private static JobSpec readUpToIdempotency(BinaryReader in, boolean first, JsonBytes payload) {
    return new JobSpec(
        in.getString(),
        payload,
        in.getString(),
        in.getEnum(Priority.values()),
        readStart(in),
        in.getDuration(),
        in.getNullableInstant(),
        readRetry(in),
        readTags(in),
        new Retention(in.getDuration(), in.getDuration()),
        first ? null : readKey(in),
        first ? null : readIdempotency(in),
        null,
        null,
        null);
  }

  private static void writeOrigin(BinaryWriter out, JobSpec spec) {
    ScheduleTick tick = spec.tick();
    JobId parent = spec.parent();
    Owner owner = spec.owner();
    out.putByte(
        (tick == null ? 0 : OF_SCHEDULE)
            | (parent == null ? 0 : OF_PARENT)
            | (owner == null ? 0 : OF_OWNER));
    if (tick != null) {
      out.putString(tick.schedule()).putInstant(tick.tick());
    }
    if (parent != null) {
      out.putFixedLong(parent.hi()).putFixedLong(parent.lo());
    }
    if (owner != null) {
      writeOwner(out, owner);
    }
  }

  private static JobSpec readOrigin(BinaryReader in, JobSpec spec) {
    int origin = in.getByte();
    if ((origin & ~(OF_SCHEDULE | OF_PARENT | OF_OWNER)) != 0) {
      throw new UnreadableException("Expected a known origin of a job, but found " + origin);
    }
    JobSpec read = spec;
    if ((origin & OF_SCHEDULE) != 0) {
      read = read.withTick(new ScheduleTick(in.getString(), in.getInstant()));
    }
    if ((origin & OF_PARENT) != 0) {
      read = read.withParent(new JobId(in.getFixedLong(), in.getFixedLong()));
    }
    return (origin & OF_OWNER) == 0 ? read : read.withOwner(readOwner(in));
  }

  public static void writeOwner(BinaryWriter out, Owner owner) {
    LogCodec.writeJob(out, owner.id()).putString(owner.step()).putInt(owner.index());
    out.putByte(owner.stage()).putInt(owner.round()).putBoolean(owner.wants()).putInt(owner.at());
  }

  public static Owner readOwner(BinaryReader in) {
    return new Owner(
        LogCodec.readJob(in),
        in.getString(),
        in.getInt(),
        in.getByte(),
        in.getInt(),
        in.getBoolean(),
        in.getInt());
  }

  private static void writeKey(BinaryWriter out, @Nullable JobKey key) {
    out.putNullableString(key == null ? null : key.value());
    if (key != null) {
      out.putInt(key.limit());
    }
  }

  private static @Nullable JobKey readKey(BinaryReader in) {
    String value = in.getNullableString();
    return value == null ? null : new JobKey(value, in.getInt());
  }

  private static void writeIdempotency(BinaryWriter out, @Nullable Idempotency idempotency) {
    out.putNullableString(idempotency == null ? null : idempotency.key());
    if (idempotency != null) {
      out.putFixedLong(idempotency.bodyHi()).putFixedLong(idempotency.bodyLo());
    }
  }

  private static @Nullable Idempotency readIdempotency(BinaryReader in) {
    String key = in.getNullableString();
    return key == null ? null : new Idempotency(key, in.getFixedLong(), in.getFixedLong());
  }

  public static void writeTrace(BinaryWriter out, TraceContext trace) {
    out.putNullableString(trace.traceparent())
        .putNullableString(trace.tracestate())
        .putNullableString(trace.baggage());
  }

  public static TraceContext readTrace(BinaryReader in) {
    return new TraceContext(in.getNullableString(), in.getNullableString(), in.getNullableString());
  }

  static void writeStart(BinaryWriter out, StartTime start) {
    switch (start) {
      case StartTime.Now() -> out.putByte(0);
      case StartTime.After(var delay) -> out.putByte(1).putDuration(delay);
      case StartTime.At(var time) -> out.putByte(2).putInstant(time);
    }
  }

  static StartTime readStart(BinaryReader in) {
    int kind = in.getByte();
    return switch (kind) {
      case 0 -> StartTime.NOW;
      case 1 -> new StartTime.After(in.getDuration());
      case 2 -> new StartTime.At(in.getInstant());
      default -> throw new UnreadableException("Expected a known start, but found " + kind);
    };
  }

  static void writeRetry(BinaryWriter out, RetryPolicy retry) {
    Backoff backoff = retry.backoff();
    out.putInt(retry.maxAttempts())
        .putDuration(backoff.initial())
        .putDouble(backoff.multiplier())
        .putDuration(backoff.max())
        .putDouble(backoff.jitter());
  }

  static RetryPolicy readRetry(BinaryReader in) {
    return new RetryPolicy(
        in.getInt(),
        new Backoff(in.getDuration(), in.getDouble(), in.getDuration(), in.getDouble()));
  }

  private static Map<String, String> readTags(BinaryReader in) {
    int count = in.getInt();
    Map<String, String> tags = new LinkedHashMap<>();
    for (int i = 0; i < count; i++) {
      tags.put(in.getString(), in.getString());
    }
    return tags;
  }
}
