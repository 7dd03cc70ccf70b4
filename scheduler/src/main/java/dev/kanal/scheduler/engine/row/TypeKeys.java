package dev.kanal.scheduler.engine.row;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.Priority;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The keys of rows about the types that workers run; see {@link Keys}.
 *
 * <pre>
 *   N                                    this shard was told of workers' types once at least
 *   N queue                              all types that the queue's workers run; none: not known
 *   N queue 0 type                       one of these
 *   V queue 0 priority type              jobs that wait for a worker of this type are to be sent;
 *                                        without a type: those of all types
 *   X queue 0 priority type 0 offset job a job that waits for a worker, in the order of blocking
 * </pre>
 */
public final class TypeKeys {
  private static final Priority[] PRIORITIES = Priority.values();

  private TypeKeys() {}

  /** Whether an attempt that no worker has a handler for is one, is decided by this row. */
  public static Bytes rules() {
    return Bytes.wrap(new byte[] {'N'});
  }

  public static Bytes known(String queue) {
    return Bytes.wrap(('N' + queue).getBytes(StandardCharsets.US_ASCII));
  }

  /** Whether it was made by {@link #known}, if not by {@link #handled}. */
  public static boolean isKnown(Bytes key) {
    String text = Keys.text(key);
    return !text.isEmpty() && text.indexOf('\0') < 0;
  }

  public static Bytes handled(String queue, String type) {
    return Bytes.wrap(('N' + queue + '\0' + type).getBytes(StandardCharsets.US_ASCII));
  }

  public static Bytes walk(Lane lane, String type) {
    return append(Keys.laneKey('V', lane), type, "", 0);
  }

  public static Bytes firstWalk() {
    return Bytes.wrap(new byte[] {'V'});
  }

  public static Lane walkLane(Bytes key) {
    byte[] bytes = key.get();
    int zero = zero(bytes);
    String queue = new String(bytes, 1, zero - 1, StandardCharsets.US_ASCII);
    return new Lane(queue, PRIORITIES[bytes[zero + 1]]);
  }

  /** Empty if the walk is about all types. */
  public static String walkType(Bytes key) {
    byte[] bytes = key.get();
    int from = zero(bytes) + 2;
    return new String(bytes, from, bytes.length - from, StandardCharsets.US_ASCII);
  }

  public static Bytes blocked(Lane lane, String type, long offset, JobId job) {
    Bytes prefix = append(Keys.laneKey('X', lane), type, "\0", Long.BYTES + JobId.BYTES);
    ByteBuffer key = ByteBuffer.wrap(prefix.get());
    key.position(key.limit() - Long.BYTES - JobId.BYTES);
    key.putLong(offset).putLong(job.hi()).putLong(job.lo());
    return prefix;
  }

  /**
   * The first possible key of the lane's jobs that wait for a worker of this type.
   *
   * @param type null for those of all types
   */
  public static Bytes blockedFrom(Lane lane, @Nullable String type) {
    Bytes prefix = Keys.laneKey('X', lane);
    return type == null ? prefix : append(prefix, type, "\0", 0);
  }

  /** The type of a key made by {@link #blocked}. */
  public static String blockedType(Bytes key) {
    byte[] bytes = key.get();
    int from = zero(bytes) + 2;
    int length = bytes.length - from - 1 - Long.BYTES - JobId.BYTES;
    return new String(bytes, from, length, StandardCharsets.US_ASCII);
  }

  private static Bytes append(Bytes prefix, String type, String end, int room) {
    byte[] text = (type + end).getBytes(StandardCharsets.US_ASCII);
    ByteBuffer key = ByteBuffer.allocate(prefix.get().length + text.length + room);
    return Bytes.wrap(key.put(prefix.get()).put(text).array());
  }

  private static int zero(byte[] bytes) {
    int zero = 1;
    while (bytes[zero] != 0) {
      zero++;
    }
    return zero;
  }
}
