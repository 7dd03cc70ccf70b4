package dev.kanal.common.log;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.log.LogEntry.DeleteSchedule;
import dev.kanal.common.log.LogEntry.PauseSchedule;
import dev.kanal.common.log.LogEntry.PutSchedule;
import dev.kanal.common.log.LogEntry.ScheduleEntry;
import dev.kanal.common.log.LogEntry.ScheduledJobEnded;
import dev.kanal.common.log.LogEntry.TriggerSchedule;
import dev.kanal.common.schedule.Cadence;
import dev.kanal.common.schedule.ConcurrencyPolicy;
import dev.kanal.common.schedule.Cron;
import dev.kanal.common.schedule.Misfire;
import dev.kanal.common.schedule.Precondition;
import dev.kanal.common.schedule.ScheduleSpec;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.ZoneId;
import java.util.HashSet;
import java.util.Set;

/** The bytes of a {@link ScheduleSpec}, and of the entries about schedules. */
public final class ScheduleCodec {
  static final int PUT = 60;
  static final int DELETE = 61;
  static final int PAUSE = 62;
  static final int TRIGGER = 63;
  static final int JOB_ENDED = 64;

  /** As {@link #PUT}, by a request that is in a trace. */
  static final int PUT_TRACED = 65;

  private ScheduleCodec() {}

  /** What {@link #readSpec} reads. */
  public static void writeSpec(BinaryWriter out, ScheduleSpec spec) {
    switch (spec.cadence()) {
      case Cadence.ByCron(var cron, var zone) ->
          out.putByte(0).putString(cron.toString()).putString(zone.getId());
      case Cadence.Every(var period) -> out.putByte(1).putDuration(period);
    }
    SpecCodec.write(out, spec.job());
    out.putByte(spec.misfire().policy().code()).putInt(spec.misfire().limit());
    Duration deadline = spec.startingDeadline();
    out.putBoolean(deadline != null);
    if (deadline != null) {
      out.putDuration(deadline);
    }
    out.putByte(spec.concurrency().code()).putBoolean(spec.paused());
  }

  /**
   * Reads what {@link #writeSpec} wrote.
   *
   * @param version of the record or row
   */
  public static ScheduleSpec readSpec(BinaryReader in, int version) {
    return new ScheduleSpec(
        readCadence(in),
        SpecCodec.read(in, version),
        new Misfire(in.getEnum(Misfire.Policy.values()), in.getInt()),
        in.getBoolean() ? in.getDuration() : null,
        in.getEnum(ConcurrencyPolicy.values()),
        in.getBoolean());
  }

  private static Cadence readCadence(BinaryReader in) {
    int kind = in.getByte();
    return switch (kind) {
      case 0 -> {
        Cron cron = Cron.ofTaken(in.getString());
        yield new Cadence.ByCron(cron, readZone(in.getString()));
      }
      case 1 -> new Cadence.Every(in.getDuration());
      default -> throw new UnreadableException("Expected a known cadence, but found " + kind);
    };
  }

  private static ZoneId readZone(String id) {
    try {
      return ZoneId.of(id);
    } catch (DateTimeException e) {
      throw new UnreadableException("Expected a known time zone, but found " + id, e);
    }
  }

  static int kind(ScheduleEntry entry) {
    return switch (entry) {
      case PutSchedule put -> put.trace().equals(TraceContext.NONE) ? PUT : PUT_TRACED;
      case DeleteSchedule _ -> DELETE;
      case PauseSchedule _ -> PAUSE;
      case TriggerSchedule _ -> TRIGGER;
      case ScheduledJobEnded _ -> JOB_ENDED;
    };
  }

  static void write(BinaryWriter out, ScheduleEntry entry) {
    out.putString(entry.schedule());
    switch (entry) {
      case PutSchedule put -> {
        writeSpec(out, put.spec());
        writeCondition(out, put.condition());
        if (!put.trace().equals(TraceContext.NONE)) {
          SpecCodec.writeTrace(out, put.trace());
        }
      }
      case DeleteSchedule delete -> writeCondition(out, delete.condition());
      case PauseSchedule pause -> {
        out.putBoolean(pause.paused());
        writeCondition(out, pause.condition());
      }
      case TriggerSchedule _ -> {}
      case ScheduledJobEnded ended ->
          out.putFixedLong(ended.job().hi())
              .putFixedLong(ended.job().lo())
              .putByte(ended.state().code())
              .putInstant(ended.at());
    }
  }

  static ScheduleEntry read(BinaryReader in, int kind, int version) {
    String name = in.getString();
    return switch (kind) {
      case PUT -> new PutSchedule(name, readSpec(in, version), readCondition(in));
      case PUT_TRACED ->
          new PutSchedule(name, readSpec(in, version), readCondition(in), SpecCodec.readTrace(in));
      case DELETE -> new DeleteSchedule(name, readCondition(in));
      case PAUSE -> new PauseSchedule(name, in.getBoolean(), readCondition(in));
      case TRIGGER -> new TriggerSchedule(name);
      case JOB_ENDED ->
          new ScheduledJobEnded(
              name,
              new JobId(in.getFixedLong(), in.getFixedLong()),
              in.getEnum(JobState.values()),
              in.getInstant());
      default -> throw new UnreadableException("Expected a known kind, but found " + kind);
    };
  }

  private static void writeCondition(BinaryWriter out, Precondition condition) {
    switch (condition) {
      case Precondition.None _ -> out.putByte(0);
      case Precondition.Exists(var yes) -> out.putByte(yes ? 1 : 2);
      case Precondition.AnyOf(var revisions) -> {
        out.putByte(3).putInt(revisions.size());
        revisions.stream().sorted().forEach(out::putLong);
      }
    }
  }

  private static Precondition readCondition(BinaryReader in) {
    int kind = in.getByte();
    return switch (kind) {
      case 0 -> Precondition.NONE;
      case 1 -> new Precondition.Exists(true);
      case 2 -> new Precondition.Exists(false);
      case 3 -> {
        Set<Long> revisions = new HashSet<>();
        int count = in.getInt();
        for (int i = 0; i < count; i++) {
          revisions.add(in.getLong());
        }
        yield new Precondition.AnyOf(revisions);
      }
      default -> throw new UnreadableException("Expected a known condition, but found " + kind);
    };
  }
}
