package dev.kanal.common.log;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.flow.FanOut;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.Over;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import dev.kanal.common.flow.Tolerance;
import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Retention;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** The bytes of a flow's definition within a record or row. */
public final class FlowSpecCodec {
  private static final int JOB = 0;
  private static final int WAIT = 1;
  private static final int MAP = 2;
  private static final int GROUP = 3;
  private static final int RACE = 4;

  private static final int ITEMS = 0;
  private static final int RANGE = 1;
  private static final int STREAM = 2;

  private static final int FAILURES = 0;
  private static final int PERCENT = 1;

  /** Of the jobs in a definition: it has been the newest since there are flows. */
  private static final int JOB_VERSION = 2;

  private static final FanOut.Keep[] KEEPS = FanOut.Keep.values();

  private FlowSpecCodec() {}

  public static void write(BinaryWriter out, FlowSpec spec) {
    out.putString(spec.name()).putBytes(spec.input().utf8());
    writeList(out, spec.steps(), FlowSpecCodec::writeStep);
    out.putByte(spec.onFailure().code()).putNullableInstant(spec.deadline());
    out.putInt(spec.tags().size());
    spec.tags().forEach((name, value) -> out.putString(name).putString(value));
    out.putDuration(spec.retention().succeeded()).putDuration(spec.retention().other());
    JsonBytes output = spec.output();
    out.putBoolean(output != null);
    if (output != null) {
      out.putBytes(output.utf8());
    }
    Idempotency idempotency = spec.idempotency();
    out.putNullableString(idempotency == null ? null : idempotency.key());
    if (idempotency != null) {
      out.putFixedLong(idempotency.bodyHi()).putFixedLong(idempotency.bodyLo());
    }
  }

  public static FlowSpec read(BinaryReader in) {
    return new FlowSpec(
        in.getString(),
        JsonBytes.wrap(in.getBytes()),
        readList(in, FlowSpec.STEPS_MAX, FlowSpecCodec::readStep),
        in.getEnum(FlowSpec.OnFailure.values()),
        in.getNullableInstant(),
        readTags(in),
        new Retention(in.getDuration(), in.getDuration()),
        in.getBoolean() ? JsonBytes.wrap(in.getBytes()) : null,
        readIdempotency(in));
  }

  private static Map<String, String> readTags(BinaryReader in) {
    Map<String, String> tags = new LinkedHashMap<>();
    for (int left = in.getInt(); left > 0; left--) {
      tags.put(in.getString(), in.getString());
    }
    return tags;
  }

  private static @Nullable Idempotency readIdempotency(BinaryReader in) {
    String key = in.getNullableString();
    return key == null ? null : new Idempotency(key, in.getFixedLong(), in.getFixedLong());
  }

  private static void writeStep(BinaryWriter out, StepSpec step) {
    out.putString(step.name());
    writeList(out, step.needs(), BinaryWriter::putString);
    out.putByte(step.when().code()).putBoolean(step.optional());
    writeKind(out, step.kind());
  }

  private static StepSpec readStep(BinaryReader in) {
    return new StepSpec(
        in.getString(),
        readList(in, StepSpec.NEEDS_MAX + 1, BinaryReader::getString),
        in.getEnum(StepSpec.When.values()),
        in.getBoolean(),
        readKind(in));
  }

  private static void writeKind(BinaryWriter out, StepKind kind) {
    switch (kind) {
      case StepKind.Single single -> writeSingle(out, single);
      case StepKind.Map(Over over, FanOut fanOut, List<JobSpec> chain) -> {
        writeOver(out.putByte(MAP), over);
        writeFanOut(out, fanOut);
        writeList(out, chain, SpecCodec::write);
      }
      case StepKind.Group(Duration idle, FanOut fanOut) ->
          writeFanOut(out.putByte(GROUP).putDuration(idle), fanOut);
      case StepKind.Race(List<StepKind.Branch> branches) ->
          writeList(
              out.putByte(RACE),
              branches,
              (to, branch) -> writeSingle(to.putString(branch.name()), branch.kind()));
    }
  }

  private static void writeSingle(BinaryWriter out, StepKind.Single single) {
    switch (single) {
      case StepKind.Job(JobSpec job) -> SpecCodec.write(out.putByte(JOB), job);
      case StepKind.Wait(String event, Duration timeout) -> {
        out.putByte(WAIT).putNullableString(event).putBoolean(timeout != null);
        if (timeout != null) {
          out.putDuration(timeout);
        }
      }
    }
  }

  private static StepKind readKind(BinaryReader in) {
    int kind = in.getByte();
    return switch (kind) {
      case MAP -> new StepKind.Map(readOver(in), readFanOut(in), readJobs(in));
      case GROUP -> new StepKind.Group(in.getDuration(), readFanOut(in));
      case RACE ->
          new StepKind.Race(
              readList(
                  in,
                  StepKind.Race.BRANCHES_MAX,
                  from -> new StepKind.Branch(from.getString(), readSingle(from, from.getByte()))));
      default -> readSingle(in, kind);
    };
  }

  private static StepKind.Single readSingle(BinaryReader in, int kind) {
    return switch (kind) {
      case JOB -> new StepKind.Job(SpecCodec.read(in, JOB_VERSION));
      case WAIT ->
          new StepKind.Wait(in.getNullableString(), in.getBoolean() ? in.getDuration() : null);
      default -> throw new UnreadableException("Expected the kind of a step, but found " + kind);
    };
  }

  private static List<JobSpec> readJobs(BinaryReader in) {
    return readList(in, 100, from -> SpecCodec.read(from, JOB_VERSION));
  }

  private static void writeOver(BinaryWriter out, Over over) {
    switch (over) {
      case Over.Items(JsonBytes array) -> out.putByte(ITEMS).putBytes(array.utf8());
      case Over.Range(long from, long to, long by) ->
          out.putByte(RANGE).putLong(from).putLong(to).putLong(by);
      case Over.Stream(Duration idle) -> out.putByte(STREAM).putDuration(idle);
    }
  }

  private static Over readOver(BinaryReader in) {
    int over = in.getByte();
    return switch (over) {
      case ITEMS -> new Over.Items(JsonBytes.wrap(in.getBytes()));
      case RANGE -> new Over.Range(in.getLong(), in.getLong(), in.getLong());
      case STREAM -> new Over.Stream(in.getDuration());
      default -> throw new UnreadableException("Expected what a map goes over, but found " + over);
    };
  }

  private static void writeFanOut(BinaryWriter out, FanOut fanOut) {
    out.putInt(fanOut.atOnce());
    switch (fanOut.tolerate()) {
      case Tolerance.Failures(int most) -> out.putByte(FAILURES).putInt(most);
      case Tolerance.Percent(int most) -> out.putByte(PERCENT).putInt(most);
    }
    FanOut.Keep keep = fanOut.keep();
    out.putByte(keep == null ? -1 : keep.code()).putBoolean(fanOut.collect());
  }

  private static FanOut readFanOut(BinaryReader in) {
    return new FanOut(in.getInt(), readTolerance(in), readKeep(in), in.getBoolean());
  }

  private static Tolerance readTolerance(BinaryReader in) {
    int kind = in.getByte();
    return switch (kind) {
      case FAILURES -> new Tolerance.Failures(in.getInt());
      case PERCENT -> new Tolerance.Percent(in.getInt());
      default -> throw new UnreadableException("Expected what is tolerated, but found " + kind);
    };
  }

  private static FanOut.@Nullable Keep readKeep(BinaryReader in) {
    int code = in.getByte();
    if (code >= KEEPS.length) {
      throw new UnreadableException("Expected which members are kept, but found " + code);
    }
    return code < 0 ? null : KEEPS[code];
  }

  /** Writes one element of a list. */
  interface Writer<T> {
    void write(BinaryWriter out, T element);
  }

  static <T> void writeList(BinaryWriter out, List<T> list, Writer<T> each) {
    out.putInt(list.size());
    list.forEach(element -> each.write(out, element));
  }

  static <T> List<T> readList(BinaryReader in, int max, Function<BinaryReader, T> each) {
    int count = in.getInt();
    if (count < 0 || count > max) {
      throw new UnreadableException(
          "Expected 0 to " + max + " of a list's elements, but found " + count);
    }
    List<T> list = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      list.add(each.apply(in));
    }
    return list;
  }
}
