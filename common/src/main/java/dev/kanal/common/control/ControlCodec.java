package dev.kanal.common.control;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.WorkerRef;

/** The bytes of a {@link ControlMessage}: format version, kind, fields. */
public final class ControlCodec {
  /** The version that this code writes. */
  public static final int VERSION = 1;

  private static final int CANCEL_RUN = 1;
  private static final int GRANTED = 2;
  private static final int DROP = 3;
  private static final int DRAIN = 4;
  private static final int QUEUE_MADE = 5;
  private static final int SMALL = 64;

  private ControlCodec() {}

  public static byte[] encode(ControlMessage message) {
    BinaryWriter out = new BinaryWriter(SMALL).putByte(VERSION);
    switch (message) {
      case ControlMessage.CancelRun(var job, var dispatch) ->
          writeJob(out.putByte(CANCEL_RUN), job).putInt(dispatch);
      case ControlMessage.Granted(var run) -> writeRun(out.putByte(GRANTED), run);
      case ControlMessage.Drop(var run) -> writeRun(out.putByte(DROP), run);
      case ControlMessage.Drain(var worker) -> writeWorker(out.putByte(DRAIN), worker);
      case ControlMessage.QueueMade(var queue) -> out.putByte(QUEUE_MADE).putString(queue);
    }
    return out.toBytes();
  }

  /**
   * Reads one record's value.
   *
   * @throws UnreadableException if the bytes are of a later version, of an unknown kind, or broken
   */
  public static ControlMessage decode(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    int version = in.getByte();
    if (version < 1 || version > VERSION) {
      throw new UnreadableException(
          "Expected a control record of version 1 to " + VERSION + ", but found " + version);
    }
    try {
      int kind = in.getByte();
      return switch (kind) {
        case CANCEL_RUN -> new ControlMessage.CancelRun(readJob(in), in.getInt());
        case GRANTED -> new ControlMessage.Granted(readRun(in));
        case DROP -> new ControlMessage.Drop(readRun(in));
        case DRAIN -> new ControlMessage.Drain(readWorker(in));
        case QUEUE_MADE -> new ControlMessage.QueueMade(in.getString());
        default -> throw new UnreadableException("Expected a known kind, but found " + kind);
      };
    } catch (UnreadableException e) {
      throw e;
    } catch (IllegalArgumentException e) {
      throw new UnreadableException("Expected a valid control record, but: " + e.getMessage(), e);
    }
  }

  private static BinaryWriter writeRun(BinaryWriter out, Run run) {
    return writeWorker(writeJob(out, run.job()).putInt(run.dispatch()), run.worker());
  }

  private static Run readRun(BinaryReader in) {
    JobId job = readJob(in);
    return new Run(job, in.getInt(), readWorker(in));
  }

  private static BinaryWriter writeWorker(BinaryWriter out, WorkerRef worker) {
    return out.putString(worker.name()).putFixedLong(worker.incarnation());
  }

  private static WorkerRef readWorker(BinaryReader in) {
    return new WorkerRef(in.getString(), in.getFixedLong());
  }

  private static BinaryWriter writeJob(BinaryWriter out, JobId job) {
    return out.putFixedLong(job.hi()).putFixedLong(job.lo());
  }

  private static JobId readJob(BinaryReader in) {
    return new JobId(in.getFixedLong(), in.getFixedLong());
  }
}
