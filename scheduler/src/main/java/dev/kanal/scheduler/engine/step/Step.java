package dev.kanal.scheduler.engine.step;

import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.log.LogCodec;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.scheduler.engine.row.Counts;
import dev.kanal.scheduler.engine.row.Gate;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.KeyRow;
import dev.kanal.scheduler.engine.row.Keys;
import dev.kanal.scheduler.engine.row.Lane;
import dev.kanal.scheduler.engine.row.Meta;
import dev.kanal.scheduler.engine.row.Progress;
import dev.kanal.scheduler.engine.row.QueueRow;
import dev.kanal.scheduler.engine.row.RowCodec;
import dev.kanal.scheduler.engine.row.Rows;
import dev.kanal.scheduler.engine.row.TimerKind;
import dev.kanal.scheduler.engine.row.TypeKeys;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * One decision in the making: it reads the store and its own changes, and writes nothing. What it
 * has gathered is applied as a whole, or not at all.
 */
public final class Step {
  /** A row larger than this cannot be: what is in it is bounded below. */
  public static final int ROW_MAX_BYTES = 1_500_000;

  /** Jobs are forgotten up to this long after their retention is over, in milliseconds. */
  private static final long FORGET_EVERY_MS = 1_000;

  /** Jobs that are forgotten together, at most. */
  public static final int FORGET_MAX = 64;

  private static final byte[] PRESENT = {1};

  private final Rows rows;
  private final BlockedHeads fronts;
  private final List<Derived> derived;
  private final Map<Lane, Long> further = new HashMap<>();

  /** As this step has read or left them. */
  private final Map<JobId, JobRow> jobs = new HashMap<>();

  private final Map<Bytes, byte @Nullable []> changes = new LinkedHashMap<>();
  private final Map<String, Counts> counts = new HashMap<>();
  private final List<Effect> effects = new ArrayList<>();
  private final List<JobRow> freed = new ArrayList<>();
  private Meta meta;

  /**
   * A step for the input at {@code meta}'s offset, at {@code meta}'s time.
   *
   * @param derived called in this order for each job that changes
   */
  public Step(Rows rows, Meta meta, BlockedHeads fronts, List<Derived> derived) {
    this.rows = rows;
    this.fronts = fronts;
    this.derived = derived;
    this.meta = meta;
  }

  public Meta meta() {
    return meta;
  }

  public long nowMs() {
    return meta.nowMs();
  }

  public void setMeta(Meta next) {
    meta = next;
  }

  public byte @Nullable [] get(Bytes key) {
    return changes.containsKey(key) ? changes.get(key) : rows.get(key);
  }

  /** The first keys of a range, at most so many; what this step has added since is among them. */
  public List<Bytes> first(Bytes from, Bytes to, int atMost) {
    List<Bytes> found = new ArrayList<>(Math.min(atMost, 16));
    rows.scan(
        from,
        to,
        (key, _) -> {
          if (!changes.containsKey(key) || changes.get(key) != null) {
            found.add(key);
          }
          return found.size() < atMost;
        });
    changes.forEach(
        (key, value) -> {
          if (value != null && key.compareTo(from) >= 0 && key.compareTo(to) < 0) {
            found.remove(key);
            found.add(key);
          }
        });
    found.sort(null);
    return found.size() > atMost ? found.subList(0, atMost) : found;
  }

  /** No job of the lane is blocked since before this offset. */
  public long front(Lane lane) {
    Long mine = further.get(lane);
    return mine == null ? fronts.of(lane) : mine;
  }

  /** With what this step leaves blocked, none is since before this offset. */
  public void setFront(Lane lane, long offset) {
    further.put(lane, offset);
  }

  /** The fronts that hold once this step is applied. */
  public Map<Lane, Long> further() {
    return further;
  }

  public @Nullable JobRow job(JobId id) {
    JobRow mine = jobs.get(id);
    if (mine != null) {
      return mine;
    }
    byte[] bytes = get(Keys.job(id));
    if (bytes == null) {
      return null;
    }
    JobRow row = RowCodec.decodeJob(bytes);
    jobs.put(id, row);
    return row;
  }

  /** The rules by which this step is decided. */
  public int rules() {
    byte[] bytes = get(Keys.RULES);
    return bytes == null ? 1 : (int) RowCodec.decodeNumber(bytes);
  }

  /** What is known of a queue's settings, if anything is. */
  public @Nullable QueueRow queue(String name) {
    byte[] bytes = get(Keys.settings(name));
    return bytes == null ? null : RowCodec.decodeQueue(bytes);
  }

  /** A queue's counts, with what this step changes. */
  public Counts counts(String queue) {
    Counts all = RowCodec.decodeCounts(rows.get(Keys.counts(queue)));
    Counts mine = counts.get(queue);
    if (mine != null) {
      all.addAll(mine);
    }
    return all;
  }

  public JsonBytes payload(JobRow row) {
    if (!row.body().payloadApart()) {
      return row.spec().payload();
    }
    byte[] apart = get(Keys.payload(row.id()));
    if (apart == null) {
      throw new IllegalStateException(
          "Expected a payload row of job " + row.id() + ", but there is none");
    }
    return JsonBytes.wrap(apart);
  }

  public @Nullable KeyRow key(String queue, String key) {
    byte[] bytes = get(Keys.key(queue, key));
    return bytes == null ? null : RowCodec.decodeKey(bytes);
  }

  public void putKey(String queue, String key, KeyRow row) {
    put(Keys.key(queue, key), RowCodec.encode(row));
  }

  public void put(Bytes key, byte[] value) {
    if (value.length > ROW_MAX_BYTES) {
      throw new IllegalStateException(
          "Expected a row of at most " + ROW_MAX_BYTES + " bytes, but got " + value.length);
    }
    changes.put(key, value);
  }

  public void mark(Bytes key) {
    changes.put(key, PRESENT);
  }

  public void delete(Bytes key) {
    changes.put(key, null);
  }

  public void arm(long dueMs, TimerKind kind, String subject) {
    mark(Keys.timer(dueMs, kind, subject));
    meta = meta.armed(dueMs);
  }

  public void arm(long dueMs, TimerKind kind, JobId job) {
    mark(Keys.timer(dueMs, kind, job));
    meta = meta.armed(dueMs);
  }

  /** Asks another shard for something: it is brought there, however long that takes. */
  public void relay(int to, LogEntry entry) {
    byte[] last = get(Keys.relayed(to));
    long sequence = (last == null ? 0 : RowCodec.decodeNumber(last)) + 1;
    put(Keys.relayed(to), RowCodec.encodeNumber(sequence));
    put(Keys.outbox(to, sequence), LogCodec.encode(entry));
    add(new Effect.Relay(to, sequence, entry));
  }

  /**
   * Saves a job and everything that is derived from it: its timers, its places in indexes and
   * lines, its permits, and the counts.
   */
  public void save(@Nullable JobRow before, JobRow after) {
    derived.forEach(each -> each.changed(this, before, after));
    if (before != null) {
      derivedKeys(before).forEach(this::delete);
      count(before, -1);
    } else {
      begin(after);
    }
    derivedKeys(after).forEach(this::mark);
    armTimers(after);
    count(after, 1);
    countWay(before, after);
    noteKey(before, after);
    jobs.put(after.id(), after);
    put(Keys.job(after.id()), RowCodec.encode(after));
    noteFreed(before, after);
    if (after.state().isFinal() && (before == null || keptUntil(before) != keptUntil(after))) {
      forgetLater(keptUntil(after), after.id());
    }
  }

  private static long keptUntil(JobRow row) {
    return row.state().isFinal() ? row.keptUntilMs() : -1;
  }

  /**
   * Jobs that end one after another and are kept until the same second are forgotten together: one
   * row for all of them. A job may change its mind: each is looked at when the time comes.
   */
  private void forgetLater(long keptUntilMs, JobId job) {
    long dueMs = Math.ceilDiv(keptUntilMs, FORGET_EVERY_MS) * FORGET_EVERY_MS;
    Bytes key = Keys.forget(dueMs, meta.offset() / FORGET_MAX);
    byte[] others = get(key);
    if (others == null || others.length <= FORGET_MAX * JobId.BYTES) {
      put(key, RowCodec.append(others, job));
      meta = meta.armed(dueMs);
    } else {
      arm(keptUntilMs, TimerKind.RETENTION, job);
    }
  }

  /** Removes a job with all of its rows. */
  public void remove(JobRow row) {
    derived.forEach(each -> each.changed(this, row, null));
    derivedKeys(row).forEach(this::delete);
    count(row, -1);
    noteKey(row, null);
    jobs.remove(row.id());
    delete(Keys.job(row.id()));
    if (row.body().payloadApart()) {
      delete(Keys.payload(row.id()));
    }
    if (row.state() == JobState.SUCCEEDED && row.body().result() == null) {
      delete(Keys.result(row.id()));
    }
    if (row.progress().sent().dispatch() > 0) {
      deleteIfThere(Keys.progress(row.id()));
      deleteIfThere(Keys.parked(row.id()));
    }
    Idempotency idempotency = row.spec().idempotency();
    if (idempotency != null) {
      delete(Keys.idempotency(row.spec().queue(), row.spec().key(), idempotency));
    }
    int ended = row.progress().tries().ended();
    int apart = row.body().last() == null ? ended : ended - 1;
    for (int i = Math.max(0, ended - Attempt.KEPT); i < apart; i++) {
      delete(Keys.attempt(row.id(), i));
    }
  }

  public void add(Effect effect) {
    effects.add(effect);
  }

  public Map<Bytes, byte @Nullable []> changes() {
    return changes;
  }

  /** How the counts of each queue change. */
  public Map<String, Counts> countChanges() {
    return counts;
  }

  public List<Effect> effects() {
    return effects;
  }

  /** The jobs that have given something up that others may wait for; told once. */
  public List<JobRow> takeFreed() {
    List<JobRow> all = List.copyOf(freed);
    freed.clear();
    return all;
  }

  private void deleteIfThere(Bytes key) {
    if (get(key) != null) {
      delete(key);
    }
  }

  /** What is written once for a job that comes new. */
  private void begin(JobRow row) {
    if (row.body().payloadApart()) {
      put(Keys.payload(row.id()), row.spec().payload().utf8());
    }
    Idempotency idempotency = row.spec().idempotency();
    if (idempotency != null) {
      Bytes key = Keys.idempotency(row.spec().queue(), row.spec().key(), idempotency);
      put(key, RowCodec.encode(row.id(), idempotency));
    }
  }

  private void noteFreed(@Nullable JobRow before, JobRow after) {
    if (before == null) {
      return;
    }
    boolean key = before.progress().holdsKey() && !after.progress().holdsKey();
    boolean permit = before.progress().isOut() && !after.progress().isOut();
    if (key || permit) {
      freed.add(after);
    }
  }

  /** Notes that the job came new, came to its channel, or left it. */
  private void countWay(@Nullable JobRow before, JobRow after) {
    boolean was = before != null && isUnderWay(before.state());
    boolean is = isUnderWay(after.state());
    if (was != is || before == null) {
      Counts mine = counts.computeIfAbsent(after.spec().queue(), _ -> new Counts());
      mine.addSubmitted(before == null ? 1 : 0);
      mine.addArrived(is && !was ? 1 : 0);
      mine.addDrained(was && !is ? 1 : 0);
    }
  }

  private static boolean isUnderWay(JobState state) {
    return state == JobState.QUEUED || state == JobState.RUNNING;
  }

  private void count(JobRow row, int by) {
    Counts mine = counts.computeIfAbsent(row.spec().queue(), _ -> new Counts());
    mine.add(row.state(), by);
    if (row.state() == JobState.QUEUED) {
      mine.addQueued(row.spec().priority(), by);
    }
    Gate gate = row.progress().gate();
    if (row.state() == JobState.BLOCKED && gate != null) {
      mine.addBlocked(gate, by);
    }
    if (row.progress().lingers()) {
      mine.addLingering(by);
    }
  }

  /** Keeps the row of a job's key as its jobs have it; most changes leave it alone. */
  private void noteKey(@Nullable JobRow before, @Nullable JobRow after) {
    JobSpec spec = Objects.requireNonNull(after == null ? before : after, "row").spec();
    JobKey key = spec.key();
    if (key == null) {
      return;
    }
    KeyRow known = key(spec.queue(), key.value());
    KeyRow row = known == null ? KeyRow.of(key.limit()) : known;
    KeyRow left = before == null ? row : row.without(before.id(), before.progress());
    KeyRow next = after == null ? left : left.with(after.id(), after.progress());
    if (!next.equals(row)) {
      putKey(spec.queue(), key.value(), next);
    }
  }

  private static List<Bytes> derivedKeys(JobRow row) {
    Progress progress = row.progress();
    JobId id = row.id();
    String queue = row.spec().queue();
    JobKey key = row.spec().key();
    List<Bytes> keys = new ArrayList<>(4);
    switch (row.state()) {
      case SCHEDULED, RETRYING -> keys.add(Keys.timer(progress.dueMs(), TimerKind.START, id));
      case QUEUED -> keys.add(Keys.queued(row.lane(), progress.offset(), id));
      case BLOCKED -> {
        if (progress.gate() == Gate.QUEUE) {
          keys.add(Keys.blocked(row.lane(), progress.offset(), id));
        } else if (progress.gate() == Gate.KEY && key != null) {
          keys.add(Keys.inLine(queue, key.value(), progress.offset(), id));
        } else if (progress.gate() == Gate.TYPE) {
          keys.add(TypeKeys.blocked(row.lane(), row.spec().type(), progress.offset(), id));
        }
      }
      case RUNNING, SUCCEEDED, DEAD, CANCELLED, EXPIRED -> {}
    }
    WorkerRef worker = progress.hold().worker();
    if (worker != null) {
      keys.add(Keys.timer(progress.hold().untilMs(), TimerKind.LEASE, id));
      keys.add(Keys.lease(worker, id));
    }
    if (progress.lingers()) {
      keys.add(Keys.lingering(queue, id));
    }
    if (Keys.FILED.contains(row.state())) {
      keys.add(Keys.withJob(Keys.filed(row.state(), row.spec().queue()), id));
    }
    var deadline = row.spec().deadline();
    if (deadline != null && !row.state().isFinal()) {
      keys.add(Keys.timer(deadline.toEpochMilli(), TimerKind.DEADLINE, id));
    }
    return keys;
  }

  /** The next scan for timers starts no later than at the first of them. */
  private void armTimers(JobRow row) {
    for (Bytes key : derivedKeys(row)) {
      long due = Keys.dueOrNever(key);
      if (due != Long.MAX_VALUE) {
        meta = meta.armed(due);
      }
    }
  }
}
