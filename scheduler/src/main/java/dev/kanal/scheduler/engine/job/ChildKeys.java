package dev.kanal.scheduler.engine.job;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.engine.row.Keys;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;

/** The keys of rows about the jobs that a job's handlers have submitted; see {@link Keys}. */
public final class ChildKeys {
  private ChildKeys() {}

  static Bytes children(JobId parent) {
    return Keys.ofJob('J', parent);
  }

  public static Bytes child(JobId parent, String name) {
    return ofChild(parent, name, 0);
  }

  static Bytes firstChild(JobId parent) {
    return Keys.ofJob('K', parent);
  }

  /** The first key behind that of a child. */
  static Bytes childAfter(JobId parent, String name) {
    return ofChild(parent, name, 1);
  }

  static Bytes childrenEnd(JobId parent) {
    ByteBuffer key = ByteBuffer.allocate(1 + JobId.BYTES + 1).put(firstChild(parent).get());
    return Bytes.wrap(key.put((byte) -1).array());
  }

  static String childName(Bytes key) {
    int from = 1 + JobId.BYTES;
    return new String(key.get(), from, key.get().length - from, StandardCharsets.UTF_8);
  }

  private static Bytes ofChild(JobId parent, String name, int zeros) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer key = ByteBuffer.allocate(1 + JobId.BYTES + text.length + zeros);
    return Bytes.wrap(key.put(firstChild(parent).get()).put(text).array());
  }

  public static Bytes childWalk(JobId parent) {
    return Keys.ofJob('W', parent);
  }

  public static Bytes firstChildWalk() {
    return Bytes.wrap(new byte[] {'W'});
  }
}
