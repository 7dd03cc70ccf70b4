package dev.kanal.scheduler.engine;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * The keys of a shard's one store: a letter, then what makes the row unique, ordered as bytes.
 *
 * <pre>
 *   m                                    meta: applied offset, now, lease grace
 *   j job                                the job
 *   p job                                its payload, written once
 *   r job                                its result, written once
 *   a job seq                            one ended attempt, written once
 *   t due kind job                       a timer
 *   q queue 0 priority offset job        a queued job, in dispatch order
 *   b queue 0 priority offset job        a blocked job, in the order in which it was blocked
 *   u queue 0 priority                   a ready topic
 *   k queue 0 priority                   a topic made ready whose jobs are still to be sent
 *   c queue                              a queue's counts
 *   w worker 0 incarnation               a worker's last sign of life
 *   f state queue 0 job                  a job by its state, for the states that have this index
 * </pre>
 */
final class Keys {
  static final Bytes META = Bytes.wrap(new byte[] {'m'});

  private static final Priority[] LANE_ORDER = Priority.values();

  private Keys() {}

  static Bytes job(JobId job) {
    return ofJob('j', job);
  }

  static Bytes payload(JobId job) {
    return ofJob('p', job);
  }

  static Bytes result(JobId job) {
    return ofJob('r', job);
  }

  static Bytes attempt(JobId job, int sequence) {
    ByteBuffer key = ByteBuffer.allocate(1 + JobId.BYTES + Integer.BYTES);
    key.put((byte) 'a').putLong(job.hi()).putLong(job.lo()).putInt(sequence);
    return Bytes.wrap(key.array());
  }

  static Bytes timer(long dueMs, TimerKind kind, JobId job) {
    ByteBuffer key = ByteBuffer.allocate(1 + Long.BYTES + 1 + JobId.BYTES);
    key.put((byte) 't').putLong(dueMs).put((byte) kind.code());
    return Bytes.wrap(key.putLong(job.hi()).putLong(job.lo()).array());
  }

  /** The first key of timers due at {@code dueMs}. */
  static Bytes timersFrom(long dueMs) {
    return Bytes.wrap(
        ByteBuffer.allocate(1 + Long.BYTES).put((byte) 't').putLong(Math.max(dueMs, 0)).array());
  }

  static long timerDue(Bytes key) {
    return ByteBuffer.wrap(key.get()).getLong(1);
  }

  /** When a row is due: never, if it is not a timer's. */
  static long dueOrNever(Bytes key) {
    return key.get()[0] == 't' ? timerDue(key) : Long.MAX_VALUE;
  }

  static TimerKind timerKind(Bytes key) {
    return TimerKind.of(key.get()[1 + Long.BYTES]);
  }

  static JobId timerJob(Bytes key) {
    return JobId.fromBytes(key.get(), 1 + Long.BYTES + 1);
  }

  static Bytes queued(Lane lane, long offset, JobId job) {
    return ofLane('q', lane, offset, job);
  }

  /** The first possible key of a lane's queued jobs that were sent at {@code offset} or later. */
  static Bytes queuedFrom(Lane lane, long offset) {
    return laneFrom('q', lane, offset);
  }

  static Bytes blocked(Lane lane, long offset, JobId job) {
    return ofLane('b', lane, offset, job);
  }

  static Bytes blockedFrom(Lane lane, long offset) {
    return laneFrom('b', lane, offset);
  }

  /** The job of a key made by {@link #queued} or {@link #blocked}. */
  static JobId indexedJob(Bytes key) {
    return JobId.fromBytes(key.get(), key.get().length - JobId.BYTES);
  }

  static Bytes ready(Lane lane) {
    return laneKey('u', lane);
  }

  static Bytes walk(Lane lane) {
    return laneKey('k', lane);
  }

  static Bytes firstWalk() {
    return Bytes.wrap(new byte[] {'k'});
  }

  static Lane walkLane(Bytes key) {
    byte[] bytes = key.get();
    String queue = new String(bytes, 1, bytes.length - 3, StandardCharsets.US_ASCII);
    return new Lane(queue, LANE_ORDER[bytes[bytes.length - 1]]);
  }

  static Bytes counts(String queue) {
    byte[] name = queue.getBytes(StandardCharsets.US_ASCII);
    return Bytes.wrap(ByteBuffer.allocate(1 + name.length).put((byte) 'c').put(name).array());
  }

  static Bytes firstCounts() {
    return Bytes.wrap(new byte[] {'c'});
  }

  static String countsQueue(Bytes key) {
    return new String(key.get(), 1, key.get().length - 1, StandardCharsets.US_ASCII);
  }

  static Bytes worker(String name, long incarnation) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer key = ByteBuffer.allocate(1 + text.length + 1 + Long.BYTES);
    return Bytes.wrap(key.put((byte) 'w').put(text).put((byte) 0).putLong(incarnation).array());
  }

  /** What the keys of all jobs begin with. */
  static Bytes jobs() {
    return Bytes.wrap(new byte[] {'j'});
  }

  /** What the keys of a queue's jobs in {@code state} begin with. */
  static Bytes filed(JobState state, String queue) {
    byte[] name = queue.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer key = ByteBuffer.allocate(2 + name.length + 1);
    return Bytes.wrap(key.put((byte) 'f').put((byte) state.code()).put(name).put((byte) 0).array());
  }

  /** A key that ends in a job; null comes after all jobs. */
  static Bytes withJob(Bytes prefix, @Nullable JobId job) {
    byte[] start = prefix.get();
    ByteBuffer key = ByteBuffer.allocate(start.length + JobId.BYTES).put(start);
    key.putLong(job == null ? -1 : job.hi()).putLong(job == null ? -1 : job.lo());
    return Bytes.wrap(key.array());
  }

  /** The first key of the letter after that of {@code key}: the end of its range. */
  static Bytes endOf(Bytes key) {
    return Bytes.wrap(new byte[] {(byte) (key.get()[0] + 1)});
  }

  private static Bytes ofJob(char letter, JobId job) {
    ByteBuffer key = ByteBuffer.allocate(1 + JobId.BYTES);
    return Bytes.wrap(key.put((byte) letter).putLong(job.hi()).putLong(job.lo()).array());
  }

  private static Bytes laneKey(char letter, Lane lane) {
    byte[] name = lane.queue().getBytes(StandardCharsets.US_ASCII);
    ByteBuffer key = ByteBuffer.allocate(1 + name.length + 2);
    key.put((byte) letter).put(name).put((byte) 0).put((byte) lane.priority().code());
    return Bytes.wrap(key.array());
  }

  private static Bytes laneFrom(char letter, Lane lane, long offset) {
    byte[] prefix = laneKey(letter, lane).get();
    ByteBuffer key = ByteBuffer.allocate(prefix.length + Long.BYTES).put(prefix);
    return Bytes.wrap(key.putLong(offset).array());
  }

  private static Bytes ofLane(char letter, Lane lane, long offset, JobId job) {
    byte[] prefix = laneFrom(letter, lane, offset).get();
    ByteBuffer key = ByteBuffer.allocate(prefix.length + JobId.BYTES).put(prefix);
    return Bytes.wrap(key.putLong(job.hi()).putLong(job.lo()).array());
  }
}
