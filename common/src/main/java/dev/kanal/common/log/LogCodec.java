package dev.kanal.common.log;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.context.AttemptTrace;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.LogEntry.AskToRun;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.Complete;
import dev.kanal.common.log.LogEntry.Delete;
import dev.kanal.common.log.LogEntry.DeleteQueue;
import dev.kanal.common.log.LogEntry.DispatchFailed;
import dev.kanal.common.log.LogEntry.Drained;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.FormatActivated;
import dev.kanal.common.log.LogEntry.Heartbeat;
import dev.kanal.common.log.LogEntry.HeldLeases;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.Progressed;
import dev.kanal.common.log.LogEntry.PutQueue;
import dev.kanal.common.log.LogEntry.QueueChanged;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.LogEntry.RelayDone;
import dev.kanal.common.log.LogEntry.Relayed;
import dev.kanal.common.log.LogEntry.Reschedule;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.common.log.LogEntry.RetryChanged;
import dev.kanal.common.log.LogEntry.RulesChanged;
import dev.kanal.common.log.LogEntry.RunNow;
import dev.kanal.common.log.LogEntry.Stopped;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.Tick;
import dev.kanal.common.log.LogEntry.TypesHandled;
import dev.kanal.common.queue.QueueSettings;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a {@link LogEntry}: format version, kind, fields. The kinds' numbers are never used
 * again for something else. A reader takes every version up to its own.
 */
public final class LogCodec {
  /** The version that this code writes. */
  public static final int VERSION = 2;

  private static final int SUBMIT = 1;
  private static final int LEASED = 2;
  private static final int FINISHED = 3;
  private static final int HEARTBEAT = 4;
  private static final int TICK = 5;
  private static final int QUEUE_READY = 6;
  private static final int DISPATCH_FAILED = 7;
  private static final int CANCEL = 8;
  private static final int RETRY = 9;
  private static final int RUN_NOW = 10;
  private static final int DELETE = 11;
  private static final int PUT_QUEUE = 12;
  private static final int DELETE_QUEUE = 13;
  private static final int QUEUE_CHANGED = 14;
  private static final int START = 15;
  private static final int STOPPED = 16;
  private static final int HELD = 17;
  private static final int PROGRESSED = 18;
  private static final int RELAYED = 19;
  private static final int RELAY_DONE = 20;
  private static final int DRAINED = 21;
  private static final int COMPLETE = 26;

  /** As {@link #FINISHED}, of an attempt that was traced. */
  private static final int FINISHED_TRACED = 27;

  private static final int RESCHEDULE = 28;
  private static final int RETRY_CHANGED = 29;
  private static final int TYPES_HANDLED = 70;

  /** In place of a shard: an acknowledgement of nothing, which older readers see instead. */
  private static final int RULES = -1;

  /** Likewise. */
  private static final int FORMATS = -2;

  private static final Reason[] REASONS = Reason.values();

  private static final int SMALL = 128;
  private static final int LEASE_BYTES = 20;

  private LogCodec() {}

  public static byte[] encode(LogEntry entry) {
    return switch (entry) {
      case LogEntry.Command command -> encode(command);
      case LogEntry.WorkerEvent event -> encode(event);
      case LogEntry.EngineEvent event -> encode(event);
      case LogEntry.ScheduleEntry schedule -> {
        BinaryWriter out = start(ScheduleCodec.kind(schedule));
        ScheduleCodec.write(out, schedule);
        yield out.toBytes();
      }
      case LogEntry.HandlerEntry handler -> {
        BinaryWriter out = start(HandlerCodec.kind(handler));
        HandlerCodec.write(out, handler);
        yield out.toBytes();
      }
      case FlowEntry flow -> {
        BinaryWriter out = start(FlowCodec.kind(flow));
        FlowCodec.write(out, flow);
        yield out.toBytes();
      }
      case LogEntry.BulkActionEntry bulk -> {
        BinaryWriter out = start(BulkActionCodec.kind(bulk));
        BulkActionCodec.write(out, bulk);
        yield out.toBytes();
      }
    };
  }

  private static byte[] encode(LogEntry.Command command) {
    return switch (command) {
      case Submit submit -> encodeSubmit(submit);
      case Cancel(var job, var why) ->
          writeJob(start(CANCEL), job).putByte(why == null ? -1 : why.code()).toBytes();
      case Retry(var job, var deadline) ->
          writeJob(start(RETRY), job).putNullableInstant(deadline).toBytes();
      case RetryChanged(var job, var deadline, var payload, var queue) -> {
        BinaryWriter out = writeJob(start(RETRY_CHANGED), job).putNullableInstant(deadline);
        out.putNullableString(queue).putBoolean(payload != null);
        yield (payload == null ? out : out.putBytes(payload.utf8())).toBytes();
      }
      case Reschedule(var job, var start) -> {
        BinaryWriter out = writeJob(start(RESCHEDULE), job);
        SpecCodec.writeStart(out, start);
        yield out.toBytes();
      }
      case RunNow(var job) -> writeJob(start(RUN_NOW), job).toBytes();
      case Delete(var job) -> writeJob(start(DELETE), job).toBytes();
      case Complete(var job, var token, var outcome) -> {
        BinaryWriter out = OutcomeCodec.writeToken(writeJob(start(COMPLETE), job), token);
        OutcomeCodec.write(out, outcome);
        yield out.toBytes();
      }
      case PutQueue(var queue, var settings) -> {
        BinaryWriter out = start(PUT_QUEUE).putString(queue);
        QueueSettingsCodec.write(out, settings);
        yield out.toBytes();
      }
      case DeleteQueue(var queue) -> start(DELETE_QUEUE).putString(queue).toBytes();
    };
  }

  private static byte[] encode(LogEntry.WorkerEvent event) {
    return switch (event) {
      case Leased leased ->
          writeRun(start(LEASED), leased.run()).putInstant(leased.startedAt()).toBytes();
      case Finished finished -> encodeFinished(finished);
      case Heartbeat heartbeat -> writeWorker(start(HEARTBEAT), heartbeat.worker()).toBytes();
      case AskToRun(var run) -> writeRun(start(START), run).toBytes();
      case Stopped(var run) -> writeRun(start(STOPPED), run).toBytes();
      case Progressed(var run, var progress) ->
          writeRun(start(PROGRESSED), run)
              .putDouble(progress.fraction())
              .putNullableString(progress.message())
              .toBytes();
      case HeldLeases(var worker, var leases) -> {
        BinaryWriter out = start(HELD, SMALL + leases.size() * LEASE_BYTES);
        writeWorker(out, worker).putInt(leases.size());
        leases.forEach(lease -> writeJob(out, lease.job()).putInt(lease.dispatch()));
        yield out.toBytes();
      }
    };
  }

  private static byte[] encode(LogEntry.EngineEvent event) {
    return switch (event) {
      case Tick _ -> start(TICK).toBytes();
      case QueueReady ready ->
          start(QUEUE_READY)
              .putString(ready.queue())
              .putByte(ready.priority().code())
              .putString(ready.topicId())
              .toBytes();
      case DispatchFailed failed ->
          writeJob(start(DISPATCH_FAILED), failed.job())
              .putInt(failed.dispatch())
              .putString(failed.error())
              .toBytes();
      case QueueChanged(var queue, var settings, var revision) -> {
        BinaryWriter out = start(QUEUE_CHANGED).putString(queue).putLong(revision);
        out.putBoolean(settings != null);
        if (settings != null) {
          QueueSettingsCodec.write(out, settings);
        }
        yield out.toBytes();
      }
      case Relayed(var from, var sequence, var entry) ->
          start(RELAYED).putInt(from).putLong(sequence).putBytes(encode(entry)).toBytes();
      case RelayDone(var to, var sequence) ->
          start(RELAY_DONE).putInt(to).putLong(sequence).toBytes();
      case RulesChanged(var rules) -> start(RELAY_DONE).putInt(RULES).putLong(rules).toBytes();
      case FormatActivated(var format) ->
          start(RELAY_DONE).putInt(FORMATS).putLong(format).toBytes();
      case Drained(var queue, var priority, var before) ->
          start(DRAINED).putString(queue).putByte(priority.code()).putInstant(before).toBytes();
      case TypesHandled(var queue, var types) -> {
        BinaryWriter out = start(TYPES_HANDLED).putString(queue);
        out.putInt(types == null ? -1 : types.size());
        if (types != null) {
          types.forEach(out::putString);
        }
        yield out.toBytes();
      }
    };
  }

  /**
   * Reads one record's value.
   *
   * @throws UnreadableException if the bytes are of a later version, of an unknown kind, or broken
   */
  public static LogEntry decode(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    int version = in.getByte();
    if (version < 1 || version > VERSION) {
      throw new UnreadableException(
          "Expected a log record of version 1 to " + VERSION + ", but found " + version);
    }
    LogEntry entry;
    try {
      entry = read(in, in.getByte(), version);
    } catch (UnreadableException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new UnreadableException("Expected a valid log record, but: " + e.getMessage(), e);
    }
    if (!in.atEnd()) {
      throw new UnreadableException("Expected the end of the log record, but there is more");
    }
    return entry;
  }

  /** Whether these bytes are those of a {@link FlowEntry}. */
  public static boolean isOfFlow(byte[] record) {
    return record.length > 1 && FlowCodec.isKind(record[1]);
  }

  /** Which entry of which shard a relayed record is. */
  public record Relay(int from, long sequence) {}

  /**
   * The envelope of a relayed record whose entry cannot be read, perhaps of a later version: the
   * sender's next records must not wait for it.
   */
  public static Optional<Relay> unreadRelay(byte[] bytes) {
    try {
      BinaryReader in = new BinaryReader(bytes);
      boolean known = in.getByte() <= VERSION && in.getByte() == RELAYED;
      return known ? Optional.of(new Relay(in.getInt(), in.getLong())) : Optional.empty();
    } catch (UnreadableException e) {
      return Optional.empty();
    }
  }

  private static LogEntry read(BinaryReader in, int kind, int version) {
    return switch (kind) {
      case SUBMIT -> new Submit(readJob(in), SpecCodec.read(in, version), SpecCodec.readTrace(in));
      case LEASED -> new Leased(readRun(in), in.getInstant());
      case FINISHED ->
          new Finished(
              readRun(in),
              in.getInstant(),
              in.getInstant(),
              OutcomeCodec.read(in),
              version > 1 && in.getBoolean());
      case FINISHED_TRACED ->
          new Finished(
              readRun(in),
              in.getInstant(),
              in.getInstant(),
              OutcomeCodec.read(in),
              in.getBoolean(),
              OutcomeCodec.readTrace(in));
      case HEARTBEAT -> new Heartbeat(readWorker(in));
      case TICK -> new Tick();
      case QUEUE_READY ->
          new QueueReady(in.getString(), in.getEnum(Priority.values()), in.getString());
      case DISPATCH_FAILED -> new DispatchFailed(readJob(in), in.getInt(), in.getString());
      case CANCEL -> new Cancel(readJob(in), readReason(in));
      case RETRY -> new Retry(readJob(in), in.getNullableInstant());
      case RUN_NOW -> new RunNow(readJob(in));
      case DELETE -> new Delete(readJob(in));
      case COMPLETE -> new Complete(readJob(in), OutcomeCodec.readToken(in), OutcomeCodec.read(in));
      case START -> new AskToRun(readRun(in));
      case STOPPED -> new Stopped(readRun(in));
      case HELD -> new HeldLeases(readWorker(in), readLeases(in));
      case PROGRESSED ->
          new Progressed(readRun(in), new JobProgress(in.getDouble(), in.getNullableString()));
      default -> readEngineEvent(in, kind, version);
    };
  }

  private static LogEntry readEngineEvent(BinaryReader in, int kind, int version) {
    return switch (kind) {
      case PUT_QUEUE -> new PutQueue(in.getString(), QueueSettingsCodec.read(in));
      case DELETE_QUEUE -> new DeleteQueue(in.getString());
      case QUEUE_CHANGED -> {
        String queue = in.getString();
        long revision = in.getLong();
        QueueSettings settings = in.getBoolean() ? QueueSettingsCodec.read(in) : null;
        yield new QueueChanged(queue, settings, revision);
      }
      case RELAYED -> new Relayed(in.getInt(), in.getLong(), decode(in.getBytes()));
      case RELAY_DONE -> {
        int to = in.getInt();
        long sequence = in.getLong();
        yield switch (to) {
          case RULES -> new RulesChanged((int) sequence);
          case FORMATS -> new FormatActivated((int) sequence);
          default -> new RelayDone(to, sequence);
        };
      }
      case BulkActionCodec.START,
          BulkActionCodec.STOP,
          BulkActionCodec.PART,
          BulkActionCodec.STOP_PART ->
          BulkActionCodec.read(in, kind);
      case HandlerCodec.LOGGED, HandlerCodec.SUBMIT_CHILD, HandlerCodec.REFUSE_CHILD ->
          HandlerCodec.read(in, kind, version);
      case RESCHEDULE -> new Reschedule(readJob(in), SpecCodec.readStart(in));
      case RETRY_CHANGED -> readRetry(in);
      case DRAINED -> new Drained(in.getString(), in.getEnum(Priority.values()), in.getInstant());
      case TYPES_HANDLED -> new TypesHandled(in.getString(), readTypes(in));
      default ->
          FlowCodec.isKind(kind) ? FlowCodec.read(in, kind) : ScheduleCodec.read(in, kind, version);
    };
  }

  private static @Nullable List<String> readTypes(BinaryReader in) {
    int count = in.getInt();
    if (count > TypesHandled.MAX) {
      throw new UnreadableException(
          "Expected at most " + TypesHandled.MAX + " types, but found " + count);
    }
    if (count < 0) {
      return null;
    }
    List<String> types = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      types.add(in.getString());
    }
    return types;
  }

  private static RetryChanged readRetry(BinaryReader in) {
    JobId job = readJob(in);
    Instant deadline = in.getNullableInstant();
    String queue = in.getNullableString();
    return new RetryChanged(
        job, deadline, in.getBoolean() ? JsonBytes.wrap(in.getBytes()) : null, queue);
  }

  private static List<Lease> readLeases(BinaryReader in) {
    int count = in.getInt();
    if (count < 0 || count > HeldLeases.MAX) {
      throw new UnreadableException(
          "Expected 0 to " + HeldLeases.MAX + " leases, but found " + count);
    }
    List<Lease> leases = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      leases.add(new Lease(readJob(in), in.getInt()));
    }
    return leases;
  }

  static @Nullable Reason readReason(BinaryReader in) {
    int code = in.getByte();
    if (code >= REASONS.length) {
      throw new UnreadableException("Expected a known reason, but found " + code);
    }
    return code < 0 ? null : REASONS[code];
  }

  private static byte[] encodeSubmit(Submit submit) {
    BinaryWriter out = start(SUBMIT, SMALL * 2 + submit.spec().payload().length());
    writeJob(out, submit.job());
    SpecCodec.write(out, submit.spec());
    SpecCodec.writeTrace(out, submit.trace());
    return out.toBytes();
  }

  private static byte[] encodeFinished(Finished finished) {
    AttemptTrace trace = finished.trace();
    BinaryWriter out = writeRun(start(trace == null ? FINISHED : FINISHED_TRACED), finished.run());
    out.putInstant(finished.startedAt()).putInstant(finished.finishedAt());
    OutcomeCodec.write(out, finished.outcome());
    out.putBoolean(finished.stillRunning());
    if (trace != null) {
      OutcomeCodec.writeTrace(out, trace);
    }
    return out.toBytes();
  }

  private static BinaryWriter start(int kind) {
    return start(kind, SMALL);
  }

  private static BinaryWriter start(int kind, int expectedBytes) {
    return new BinaryWriter(expectedBytes).putByte(VERSION).putByte(kind);
  }

  static BinaryWriter writeJob(BinaryWriter out, JobId job) {
    return out.putFixedLong(job.hi()).putFixedLong(job.lo());
  }

  static JobId readJob(BinaryReader in) {
    return new JobId(in.getFixedLong(), in.getFixedLong());
  }

  static BinaryWriter writeRun(BinaryWriter out, Run run) {
    return writeWorker(writeJob(out, run.job()).putInt(run.dispatch()), run.worker());
  }

  static Run readRun(BinaryReader in) {
    return new Run(readJob(in), in.getInt(), readWorker(in));
  }

  private static BinaryWriter writeWorker(BinaryWriter out, WorkerRef worker) {
    return out.putString(worker.name()).putFixedLong(worker.incarnation());
  }

  private static WorkerRef readWorker(BinaryReader in) {
    return new WorkerRef(in.getString(), in.getFixedLong());
  }
}
