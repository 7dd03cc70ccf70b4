package dev.kanal.scheduler.engine.row;

import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.WorkerRef;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.EnumSet;
import java.util.Set;
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
 *   g job                                how far its handler says it is
 *   a job seq                            one ended attempt, written once
 *   A job                                its attempt that was parked last
 *   i queue 0 key 0 idempotency key      the job that a repeated submit means
 *   t due kind subject                   a timer of a job, a queue or a schedule
 *   q queue 0 priority offset job        a queued job, in dispatch order
 *   b queue 0 priority offset job        a job blocked by its queue, in the order of blocking
 *   l queue 0 key 0 offset job           a job blocked by its key, in submit order
 *   o queue 0 key                        the key: places taken and how many there are, and its line
 *   n queue 0 job                        a job whose run may still be out, though its state differs
 *   e worker 0 incarnation job           a lease of a worker
 *   u queue 0 priority                   a ready topic
 *   k queue 0 priority                   a topic made anew whose tasks are still to be sent again
 *   d queue                              a queue whose blocked jobs are still to be looked at
 *   y queue 0 key                        a key whose waiting jobs are still to be admitted
 *   s queue                              a queue's settings
 *   T queue                              a queue's token bucket
 *   c queue                              a queue's counts
 *   w worker 0 incarnation               a worker's last sign of life
 *   f state queue 0 job                  a job by its state, for the states that have this index
 *   B bulk                               a bulk action: its part in this shard
 *   v bulk                               a bulk action that is not done here
 *   U r                                  the rules by which the shard is decided
 *   U t                                  the walk that was served last, if not all were
 *   x shard sequence                     an entry for another shard that is not acknowledged
 *   z shard                              the last sequence used for another shard
 *   Z shard                              the last sequence seen of another shard
 *   S schedule                           a schedule
 *   L job                                what is known of a job's log
 *   M job number                         a chunk of a job's log
 *   J job                                how many children a job has
 *   K job name                           a child of a job
 *   W job                                a job whose children are to be cancelled, or forgotten
 *   F failure                            the jobs that are dead of it
 *   H schedule                           how far a schedule is, its newest runs and skipped ticks
 *   N V X                                types that workers run: see TypeKeys
 * </pre>
 */
public final class Keys {
  /** States with an index of their jobs. The way from queued to succeeded is not to cost any. */
  public static final Set<JobState> FILED =
      Collections.unmodifiableSet(
          EnumSet.complementOf(EnumSet.of(JobState.QUEUED, JobState.SUCCEEDED)));

  public static final Bytes META = Bytes.wrap(new byte[] {'m'});

  /** Where a step's walks begin. */
  public static final Bytes TURN = Bytes.wrap(new byte[] {'U', 't'});

  public static final Bytes RULES = Bytes.wrap(new byte[] {'U', 'r'});

  private static final Priority[] LANE_ORDER = Priority.values();

  private Keys() {}

  public static Bytes job(JobId job) {
    return ofJob('j', job);
  }

  /** Whether a row is read again and again: what holds for a whole queue or shard. */
  public static boolean isHot(Bytes key) {
    return switch (key.get()[0]) {
      case 'm', 'c', 's', 'u', 'T', 'N' -> true;
      default -> false;
    };
  }

  /** Whether a shard reads ranges of such keys as it works; others it reads one by one. */
  public static boolean isOrdered(Bytes key) {
    return switch (key.get()[0]) {
      case 'j', 'm', 'c', 's', 'u', 'T', 'o', 'w', 'p', 'r', 'a', 'A', 'i', 'U' -> false;
      default -> true;
    };
  }

  public static Bytes payload(JobId job) {
    return ofJob('p', job);
  }

  public static Bytes result(JobId job) {
    return ofJob('r', job);
  }

  public static Bytes attempt(JobId job, int sequence) {
    ByteBuffer key = ByteBuffer.allocate(1 + JobId.BYTES + Integer.BYTES);
    key.put((byte) 'a').putLong(job.hi()).putLong(job.lo()).putInt(sequence);
    return Bytes.wrap(key.array());
  }

  public static Bytes parked(JobId job) {
    return ofJob('A', job);
  }

  public static Bytes timer(long dueMs, TimerKind kind, JobId job) {
    return timer(dueMs, kind, job.toBytes());
  }

  public static Bytes timer(long dueMs, TimerKind kind, String subject) {
    return timer(dueMs, kind, subject.getBytes(StandardCharsets.UTF_8));
  }

  private static Bytes timer(long dueMs, TimerKind kind, byte[] subject) {
    ByteBuffer key = ByteBuffer.allocate(1 + Long.BYTES + 1 + subject.length);
    key.put((byte) 't').putLong(dueMs).put((byte) kind.code()).put(subject);
    return Bytes.wrap(key.array());
  }

  /** Jobs that are forgotten together; {@code part} tells those due at the same time apart. */
  public static Bytes forget(long dueMs, long part) {
    return timer(dueMs, TimerKind.FORGET, ByteBuffer.allocate(Long.BYTES).putLong(part).array());
  }

  /** The first key of timers due at {@code dueMs}. */
  public static Bytes timersFrom(long dueMs) {
    return Bytes.wrap(
        ByteBuffer.allocate(1 + Long.BYTES).put((byte) 't').putLong(Math.max(dueMs, 0)).array());
  }

  public static long timerDue(Bytes key) {
    return ByteBuffer.wrap(key.get()).getLong(1);
  }

  /** When a row is due: never, if it is not a timer's. */
  public static long dueOrNever(Bytes key) {
    return key.get()[0] == 't' ? timerDue(key) : Long.MAX_VALUE;
  }

  public static TimerKind timerKind(Bytes key) {
    return TimerKind.of(key.get()[1 + Long.BYTES]);
  }

  public static JobId timerJob(Bytes key) {
    return JobId.fromBytes(key.get(), 1 + Long.BYTES + 1);
  }

  /** The subject of a timer that is not a job's. */
  public static String timerSubject(Bytes key) {
    int from = 1 + Long.BYTES + 1;
    return new String(key.get(), from, key.get().length - from, StandardCharsets.UTF_8);
  }

  /** Whether it was made by {@link #queued}. */
  public static boolean isQueued(Bytes key) {
    return key.get()[0] == 'q';
  }

  public static Bytes queued(Lane lane, long offset, JobId job) {
    return ofLane('q', lane, offset, job);
  }

  /** The first possible key of a lane's queued jobs that were sent at {@code offset} or later. */
  public static Bytes queuedFrom(Lane lane, long offset) {
    return laneFrom('q', lane, offset);
  }

  public static Bytes blocked(Lane lane, long offset, JobId job) {
    return ofLane('b', lane, offset, job);
  }

  public static Bytes blockedFrom(Lane lane, long offset) {
    return laneFrom('b', lane, offset);
  }

  /** The offset in a key made by {@link #queued}, {@link #blocked} or {@link #inLine}. */
  public static long laneOffset(Bytes key) {
    byte[] all = key.get();
    return ByteBuffer.wrap(all).getLong(all.length - JobId.BYTES - Long.BYTES);
  }

  /** The job of a key made by {@link #queued}, {@link #blocked} or {@link #inLine}. */
  public static JobId indexedJob(Bytes key) {
    return JobId.fromBytes(key.get(), key.get().length - JobId.BYTES);
  }

  /** Where the submit of a job with this queue, key and idempotency key is noted. */
  public static Bytes idempotency(String queue, @Nullable JobKey key, Idempotency idempotency) {
    return named('i', queue, key == null ? "" : key.value(), idempotency.key());
  }

  public static Bytes key(String queue, String key) {
    return named('o', queue, key);
  }

  public static Bytes keyWalk(String queue, String key) {
    return named('y', queue, key);
  }

  public static Bytes firstKeyWalk() {
    return Bytes.wrap(new byte[] {'y'});
  }

  public static String keyWalkQueue(Bytes key) {
    String text = text(key);
    return text.substring(0, text.indexOf('\0'));
  }

  public static String keyWalkKey(Bytes key) {
    String text = text(key);
    return text.substring(text.indexOf('\0') + 1);
  }

  public static Bytes inLine(String queue, String key, long offset, JobId job) {
    return append(named('l', queue, key, ""), offset, job);
  }

  /** What the lines of all keys of a queue begin with. */
  static Bytes linesOf(String queue) {
    return named('l', queue, "");
  }

  /** The first possible key of a key's line that was made at {@code offset} or later. */
  public static Bytes lineFrom(String queue, String key, long offset) {
    return append(named('l', queue, key, ""), offset, null);
  }

  /** The first key behind a key's line. */
  public static Bytes lineEnd(String queue, String key) {
    return lineFrom(queue, key, Long.MAX_VALUE);
  }

  public static Bytes lingering(String queue, JobId job) {
    return append(lingeringFrom(queue), -1, job);
  }

  public static Bytes lingeringFrom(String queue) {
    return named('n', queue, "");
  }

  /** The first key behind all those that begin as {@code prefix}, which ends with a zero. */
  public static Bytes after(Bytes prefix) {
    byte[] bytes = prefix.get().clone();
    bytes[bytes.length - 1]++;
    return Bytes.wrap(bytes);
  }

  public static Bytes lease(WorkerRef worker, JobId job) {
    return append(leasesFrom(worker), -1, job);
  }

  public static Bytes leasesFrom(WorkerRef worker) {
    return workerKey('e', worker.name(), worker.incarnation());
  }

  public static Bytes leasesEnd(WorkerRef worker) {
    return append(leasesFrom(worker), Long.MAX_VALUE, null);
  }

  public static Bytes settings(String queue) {
    return named('s', queue);
  }

  public static Bytes firstSettings() {
    return Bytes.wrap(new byte[] {'s'});
  }

  public static Bytes tokens(String queue) {
    return named('T', queue);
  }

  public static Bytes queueWalk(String queue) {
    return named('d', queue);
  }

  public static Bytes firstQueueWalk() {
    return Bytes.wrap(new byte[] {'d'});
  }

  public static Bytes schedule(String name) {
    return named('S', name);
  }

  public static Bytes scheduleProgress(String name) {
    return named('H', name);
  }

  /** The text behind the letter of a key. */
  public static String text(Bytes key) {
    return new String(key.get(), 1, key.get().length - 1, StandardCharsets.UTF_8);
  }

  public static Bytes outbox(int shard, long sequence) {
    ByteBuffer key = ByteBuffer.allocate(1 + Integer.BYTES + Long.BYTES);
    return Bytes.wrap(key.put((byte) 'x').putInt(shard).putLong(sequence).array());
  }

  public static Bytes firstOutbox() {
    return Bytes.wrap(new byte[] {'x'});
  }

  public static int outboxShard(Bytes key) {
    return ByteBuffer.wrap(key.get()).getInt(1);
  }

  public static long outboxSequence(Bytes key) {
    return ByteBuffer.wrap(key.get()).getLong(1 + Integer.BYTES);
  }

  public static Bytes relayed(int to) {
    return ofShard('z', to);
  }

  public static Bytes seen(int from) {
    return ofShard('Z', from);
  }

  public static Bytes ready(Lane lane) {
    return laneKey('u', lane);
  }

  public static Bytes walk(Lane lane) {
    return laneKey('k', lane);
  }

  public static Bytes firstWalk() {
    return Bytes.wrap(new byte[] {'k'});
  }

  /** The lane of a key made by {@link #walk} or {@link #ready}. */
  public static Lane walkLane(Bytes key) {
    byte[] bytes = key.get();
    String queue = new String(bytes, 1, bytes.length - 3, StandardCharsets.US_ASCII);
    return new Lane(queue, LANE_ORDER[bytes[bytes.length - 1]]);
  }

  public static Bytes counts(String queue) {
    return named('c', queue);
  }

  public static Bytes firstCounts() {
    return Bytes.wrap(new byte[] {'c'});
  }

  public static String countsQueue(Bytes key) {
    return text(key);
  }

  public static Bytes worker(WorkerRef worker) {
    return workerKey('w', worker.name(), worker.incarnation());
  }

  public static Bytes progress(JobId job) {
    return ofJob('g', job);
  }

  public static Bytes log(JobId job) {
    return ofJob('L', job);
  }

  public static Bytes logChunk(JobId job, int number) {
    ByteBuffer key = ByteBuffer.allocate(1 + JobId.BYTES + Integer.BYTES);
    key.put((byte) 'M').putLong(job.hi()).putLong(job.lo()).putInt(number);
    return Bytes.wrap(key.array());
  }

  public static Bytes bulk(JobId bulk) {
    return ofJob('B', bulk);
  }

  public static Bytes firstBulk() {
    return Bytes.wrap(new byte[] {'B'});
  }

  public static Bytes bulkWalk(JobId bulk) {
    return ofJob('v', bulk);
  }

  public static boolean isBulkWalk(Bytes key) {
    return key.get()[0] == 'v';
  }

  public static Bytes firstBulkWalk() {
    return Bytes.wrap(new byte[] {'v'});
  }

  /** What the keys of all jobs begin with. */
  public static Bytes jobs() {
    return Bytes.wrap(new byte[] {'j'});
  }

  /** What the keys of a queue's jobs in {@code state}, one of {@link #FILED}, begin with. */
  public static Bytes filed(JobState state, String queue) {
    byte[] name = queue.getBytes(StandardCharsets.US_ASCII);
    ByteBuffer key = ByteBuffer.allocate(2 + name.length + 1);
    return Bytes.wrap(key.put((byte) 'f').put((byte) state.code()).put(name).put((byte) 0).array());
  }

  /** A key that ends in a job; null comes after all jobs. */
  public static Bytes withJob(Bytes prefix, @Nullable JobId job) {
    byte[] start = prefix.get();
    ByteBuffer key = ByteBuffer.allocate(start.length + JobId.BYTES).put(start);
    key.putLong(job == null ? -1 : job.hi()).putLong(job == null ? -1 : job.lo());
    return Bytes.wrap(key.array());
  }

  /** The first key of the letter after that of {@code key}: the end of its range. */
  public static Bytes endOf(Bytes key) {
    return Bytes.wrap(new byte[] {(byte) (key.get()[0] + 1)});
  }

  /** A letter, then texts with zeros in between. */
  private static Bytes named(char letter, String... parts) {
    byte[] text = String.join("\0", parts).getBytes(StandardCharsets.UTF_8);
    return Bytes.wrap(ByteBuffer.allocate(1 + text.length).put((byte) letter).put(text).array());
  }

  /** Behind a prefix: an offset unless it is negative, and a job if there is one. */
  private static Bytes append(Bytes prefix, long offset, @Nullable JobId job) {
    int length = (offset < 0 ? 0 : Long.BYTES) + (job == null ? 0 : JobId.BYTES);
    ByteBuffer key = ByteBuffer.allocate(prefix.get().length + length).put(prefix.get());
    if (offset >= 0) {
      key.putLong(offset);
    }
    if (job != null) {
      key.putLong(job.hi()).putLong(job.lo());
    }
    return Bytes.wrap(key.array());
  }

  private static Bytes workerKey(char letter, String name, long incarnation) {
    byte[] text = name.getBytes(StandardCharsets.UTF_8);
    ByteBuffer key = ByteBuffer.allocate(1 + text.length + 1 + Long.BYTES);
    key.put((byte) letter).put(text).put((byte) 0).putLong(incarnation);
    return Bytes.wrap(key.array());
  }

  private static Bytes ofShard(char letter, int shard) {
    ByteBuffer key = ByteBuffer.allocate(1 + Integer.BYTES).put((byte) letter).putInt(shard);
    return Bytes.wrap(key.array());
  }

  public static Bytes ofJob(char letter, JobId job) {
    ByteBuffer key = ByteBuffer.allocate(1 + JobId.BYTES);
    return Bytes.wrap(key.put((byte) letter).putLong(job.hi()).putLong(job.lo()).array());
  }

  static Bytes laneKey(char letter, Lane lane) {
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
