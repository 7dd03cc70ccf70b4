package dev.kanal.common.log;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogEntry.DispatchFailed;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.Heartbeat;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.QueueReady;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.Tick;

/**
 * The bytes of a {@link LogEntry}: format version, kind, fields. The kinds' numbers are never used
 * again for something else. A reader takes every version up to its own.
 */
public final class LogCodec {
  /** The version that this code writes. */
  public static final int VERSION = 1;

  private static final int SUBMIT = 1;
  private static final int LEASED = 2;
  private static final int FINISHED = 3;
  private static final int HEARTBEAT = 4;
  private static final int TICK = 5;
  private static final int QUEUE_READY = 6;
  private static final int DISPATCH_FAILED = 7;

  private static final int SMALL = 128;

  private LogCodec() {}

  public static byte[] encode(LogEntry entry) {
    return switch (entry) {
      case Submit submit -> encodeSubmit(submit);
      case Leased leased ->
          writeRun(start(LEASED), leased.run()).putInstant(leased.startedAt()).toBytes();
      case Finished finished -> encodeFinished(finished);
      case Heartbeat heartbeat -> writeWorker(start(HEARTBEAT), heartbeat.worker()).toBytes();
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
      entry = read(in, in.getByte());
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

  private static LogEntry read(BinaryReader in, int kind) {
    return switch (kind) {
      case SUBMIT -> new Submit(readJob(in), SpecCodec.read(in), SpecCodec.readTrace(in));
      case LEASED -> new Leased(readRun(in), in.getInstant());
      case FINISHED ->
          new Finished(readRun(in), in.getInstant(), in.getInstant(), OutcomeCodec.read(in));
      case HEARTBEAT -> new Heartbeat(readWorker(in));
      case TICK -> new Tick();
      case QUEUE_READY ->
          new QueueReady(in.getString(), in.getEnum(Priority.values()), in.getString());
      case DISPATCH_FAILED -> new DispatchFailed(readJob(in), in.getInt(), in.getString());
      default -> throw new UnreadableException("Expected a known kind, but found " + kind);
    };
  }

  private static byte[] encodeSubmit(Submit submit) {
    BinaryWriter out = start(SUBMIT, SMALL * 2 + submit.spec().payload().length());
    writeJob(out, submit.job());
    SpecCodec.write(out, submit.spec());
    SpecCodec.writeTrace(out, submit.trace());
    return out.toBytes();
  }

  private static byte[] encodeFinished(Finished finished) {
    BinaryWriter out = writeRun(start(FINISHED), finished.run());
    out.putInstant(finished.startedAt()).putInstant(finished.finishedAt());
    OutcomeCodec.write(out, finished.outcome());
    return out.toBytes();
  }

  private static BinaryWriter start(int kind) {
    return start(kind, SMALL);
  }

  private static BinaryWriter start(int kind, int expectedBytes) {
    return new BinaryWriter(expectedBytes).putByte(VERSION).putByte(kind);
  }

  private static BinaryWriter writeJob(BinaryWriter out, JobId job) {
    return out.putFixedLong(job.hi()).putFixedLong(job.lo());
  }

  private static JobId readJob(BinaryReader in) {
    return new JobId(in.getFixedLong(), in.getFixedLong());
  }

  private static BinaryWriter writeRun(BinaryWriter out, Run run) {
    return writeWorker(writeJob(out, run.job()).putInt(run.dispatch()), run.worker());
  }

  private static Run readRun(BinaryReader in) {
    return new Run(readJob(in), in.getInt(), readWorker(in));
  }

  private static BinaryWriter writeWorker(BinaryWriter out, WorkerRef worker) {
    return out.putString(worker.name()).putFixedLong(worker.incarnation());
  }

  private static WorkerRef readWorker(BinaryReader in) {
    return new WorkerRef(in.getString(), in.getFixedLong());
  }
}
