package dev.kanal.scheduler.engine.row;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.engine.table.Codec;
import dev.kanal.scheduler.engine.table.KeyCodec;
import dev.kanal.scheduler.engine.table.Letter;
import dev.kanal.scheduler.engine.table.Range;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The rows of timers: when they are due, their kind, and their subject. They have no value, but for
 * those of {@link TimerKind#FORGET}: the jobs that are forgotten together.
 */
public final class Timers {
  private static final int SUBJECT = 1 + Long.BYTES + 1;

  private Timers() {}

  public static Bytes key(long dueMs, TimerKind kind, JobId job) {
    return KeyCodec.wrap(of(dueMs, kind, JobId.BYTES).putLong(job.hi()).putLong(job.lo()));
  }

  public static Bytes key(long dueMs, TimerKind kind, String subject) {
    byte[] text = KeyCodec.utf8(subject);
    return KeyCodec.wrap(of(dueMs, kind, text.length).put(text));
  }

  /** Jobs that are forgotten together; {@code part} distinguishes those due at the same time. */
  public static Bytes forget(long dueMs, long part) {
    return KeyCodec.wrap(of(dueMs, TimerKind.FORGET, Long.BYTES).putLong(part));
  }

  private static ByteBuffer of(long dueMs, TimerKind kind, int subject) {
    ByteBuffer key = KeyCodec.of(Letter.TIMER, Long.BYTES + 1 + subject);
    return key.putLong(dueMs).put((byte) kind.code());
  }

  /** The timers due at {@code fromMs} or later. */
  public static Range<Long> from(long fromMs) {
    Bytes first = first(fromMs);
    return new Range<>(first, Range.endOfLetter(first), Timers::dueMs);
  }

  /** The first key of timers due at {@code dueMs}. */
  public static Bytes first(long dueMs) {
    return KeyCodec.wrap(KeyCodec.of(Letter.TIMER, Long.BYTES).putLong(Math.max(dueMs, 0)));
  }

  public static long dueMs(Bytes key) {
    return ByteBuffer.wrap(key.get()).getLong(1);
  }

  /** When a row is due: never, if it is not a timer's. */
  public static long dueOrNever(Bytes key) {
    return Letter.TIMER.isOf(key) ? dueMs(key) : Long.MAX_VALUE;
  }

  public static TimerKind kind(Bytes key) {
    return TimerKind.of(key.get()[1 + Long.BYTES]);
  }

  public static JobId job(Bytes key) {
    return JobId.fromBytes(key.get(), SUBJECT);
  }

  /** The subject of a timer that is not a job's. */
  public static String subject(Bytes key) {
    return KeyCodec.text(key.get(), SUBJECT, key.get().length);
  }

  /** One job more that is forgotten together with others. */
  public static byte[] append(byte @Nullable [] jobs, JobId job) {
    byte[] before = jobs == null ? new byte[] {Codec.NEWEST} : jobs;
    ByteBuffer all = ByteBuffer.allocate(before.length + JobId.BYTES).put(before);
    return all.putLong(job.hi()).putLong(job.lo()).array();
  }

  public static List<JobId> jobs(byte[] forgotten) {
    List<JobId> jobs = new ArrayList<>(forgotten.length / JobId.BYTES);
    for (int at = 1; at < forgotten.length; at += JobId.BYTES) {
      jobs.add(JobId.fromBytes(forgotten, at));
    }
    return jobs;
  }
}
