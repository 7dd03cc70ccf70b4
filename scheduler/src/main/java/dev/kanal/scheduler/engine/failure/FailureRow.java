package dev.kanal.scheduler.engine.failure;

import dev.kanal.common.binary.BinaryReader;
import dev.kanal.common.binary.BinaryWriter;
import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.job.JobId;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;

/**
 * The jobs of one shard that are {@code DEAD} of the same failure. There is a row as long as there
 * is such a job.
 *
 * @param firstMs when the first of them died since there were none
 * @param lastMs when the last of them died
 * @param jobs some of them, those that died last first; at most {@link #JOBS_MAX}
 */
public record FailureRow(Kind kind, long count, long firstMs, long lastMs, List<JobId> jobs) {
  public static final int JOBS_MAX = 5;

  private static final int VERSION = 1;
  private static final int EXPECTED_BYTES = 512;

  /**
   * What they have in common.
   *
   * @param type of the jobs
   * @param error its type
   * @param message as {@link FailureRule#normal} makes it
   */
  public record Kind(String queue, String type, String error, String message) {
    public long group() {
      return FailureRule.group(queue, type, error, message);
    }
  }

  public FailureRow {
    jobs = List.copyOf(jobs);
  }

  /** Where the row of a group stands; groups are in the order of their names. */
  public static Bytes key(long group) {
    return Bytes.wrap(ByteBuffer.allocate(1 + Long.BYTES).put((byte) 'F').putLong(group).array());
  }

  static FailureRow none(Kind kind, long nowMs) {
    return new FailureRow(kind, 0, nowMs, nowMs, List.of());
  }

  FailureRow with(JobId job, long atMs) {
    List<JobId> next = new ArrayList<>(jobs);
    next.remove(job);
    next.addFirst(job);
    return new FailureRow(
        kind,
        count + 1,
        Math.min(firstMs, atMs),
        Math.max(lastMs, atMs),
        next.subList(0, Math.min(next.size(), JOBS_MAX)));
  }

  FailureRow without(JobId job) {
    List<JobId> next = new ArrayList<>(jobs);
    next.remove(job);
    return new FailureRow(kind, count - 1, firstMs, lastMs, next);
  }

  byte[] encode() {
    BinaryWriter out = new BinaryWriter(EXPECTED_BYTES).putByte(VERSION);
    out.putString(kind.queue).putString(kind.type).putString(kind.error).putString(kind.message);
    out.putLong(count).putLong(firstMs).putLong(lastMs).putByte(jobs.size());
    jobs.forEach(job -> out.putFixedLong(job.hi()).putFixedLong(job.lo()));
    return out.toBytes();
  }

  public static FailureRow decode(byte[] bytes) {
    BinaryReader in = new BinaryReader(bytes);
    int version = in.getByte();
    if (version != VERSION) {
      throw new UnreadableException(
          "Expected failures of version " + VERSION + ", but found " + version);
    }
    Kind kind = new Kind(in.getString(), in.getString(), in.getString(), in.getString());
    long count = in.getLong();
    long firstMs = in.getLong();
    long lastMs = in.getLong();
    List<JobId> jobs = new ArrayList<>();
    for (int left = in.getByte(); left > 0; left--) {
      jobs.add(new JobId(in.getFixedLong(), in.getFixedLong()));
    }
    return new FailureRow(kind, count, firstMs, lastMs, jobs);
  }
}
