package dev.kanal.scheduler.engine.job;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.JobId;

/**
 * A job that a handler has submitted, in its parent's shard.
 *
 * @param detached it is not cancelled with its parent
 */
public record ChildRow(JobId child, boolean detached) {
  private static final int VERSION = 1;
  private static final int BYTES = 18;

  /**
   * What is known of all children of a job.
   *
   * @param sinceMs from when their ids count
   */
  record All(long sinceMs, int count) {
    byte[] encode() {
      return new BinaryWriter(BYTES).putByte(VERSION).putLong(sinceMs).putInt(count).toBytes();
    }

    static All decode(byte[] bytes) {
      BinaryReader in = open(bytes);
      return new All(in.getLong(), in.getInt());
    }
  }

  public byte[] encode() {
    BinaryWriter out = new BinaryWriter(BYTES).putByte(VERSION);
    return out.putFixedLong(child.hi()).putFixedLong(child.lo()).putBoolean(detached).toBytes();
  }

  public static ChildRow decode(byte[] bytes) {
    BinaryReader in = open(bytes);
    return new ChildRow(new JobId(in.getFixedLong(), in.getFixedLong()), in.getBoolean());
  }

  private static BinaryReader open(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    int version = in.getByte();
    if (version != VERSION) {
      throw new UnreadableException(
          "Expected a row of version " + VERSION + ", but found " + version);
    }
    return in;
  }
}
