package dev.kanal.scheduler.engine.step;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.log.FlowEntry;
import dev.kanal.common.log.LogCodec;
import dev.kanal.common.log.LogEntry;
import dev.kanal.scheduler.engine.row.Counts;
import dev.kanal.scheduler.engine.row.Gate;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.KeyRow;
import dev.kanal.scheduler.engine.row.Meta;
import dev.kanal.scheduler.engine.row.OutboxFill;
import dev.kanal.scheduler.engine.row.QueueRow;
import dev.kanal.scheduler.engine.row.Submitted;
import dev.kanal.scheduler.engine.row.Tables;
import dev.kanal.scheduler.engine.row.TimerKind;
import dev.kanal.scheduler.engine.row.Timers;
import dev.kanal.scheduler.engine.table.KeyCodec.JobPart;
import dev.kanal.scheduler.engine.table.KeyCodec.Pair;
import dev.kanal.scheduler.engine.table.KeyCodec.Sequence;
import dev.kanal.scheduler.engine.table.Lookup;
import dev.kanal.scheduler.engine.table.Numbers;
import dev.kanal.scheduler.engine.table.Range;
import dev.kanal.scheduler.engine.table.Rows;
import dev.kanal.scheduler.engine.table.Table;
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
public final class Step implements Lookup {
  /** A row larger than this cannot be: what is in it is bounded below. */
  public static final int ROW_MAX_BYTES = 1_500_000;

  /** Jobs are forgotten up to this long after their retention is over, in milliseconds. */
  private static final long FORGET_EVERY_MS = 1_000;

  /** Jobs that are forgotten together, at most. */
  public static final int FORGET_MAX = 64;

  private static final byte[] PRESENT = {1};

  private final int shard;
  private final Rows rows;
  private final BlockedHeads fronts;
  private final List<Derived> derived;
  private final Map<Channel, Long> further = new HashMap<>();

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
  public Step(int shard, Rows rows, Meta meta, BlockedHeads fronts, List<Derived> derived) {
    this.shard = shard;
    this.rows = rows;
    this.fronts = fronts;
    this.derived = derived;
    this.meta = meta;
  }

  /** The number of the shard. */
  public int shard() {
    return shard;
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

  @Override
  public byte @Nullable [] get(Bytes key) {
    return changes.containsKey(key) ? changes.get(key) : rows.get(key);
  }

  /**
   * What the first keys of a range say, at most {@code atMost} of them; what this step has added is
   * among them.
   */
  public <T> List<T> first(Range<T> range, int atMost) {
    return firstKeys(range, atMost).stream().map(range.read()).toList();
  }

  /** What the first key of a range says; null without one. */
  public <T> @Nullable T first(Range<T> range) {
    List<Bytes> found = firstKeys(range, 1);
    return found.isEmpty() ? null : range.read().apply(found.getFirst());
  }

  /** Deletes the first rows of a range, at most {@code atMost}. Returns how many there were. */
  public int deleteFirst(Range<?> range, int atMost) {
    List<Bytes> found = firstKeys(range, atMost);
    found.forEach(this::delete);
    return found.size();
  }

  private List<Bytes> firstKeys(Range<?> range, int atMost) {
    List<Bytes> found = new ArrayList<>(Math.min(atMost, 16));
    rows.scan(
        range.from(),
        range.to(),
        (key, _) -> {
          if (!changes.containsKey(key) || changes.get(key) != null) {
            found.add(key);
          }
          return found.size() < atMost;
        });
    changes.forEach(
        (key, value) -> {
          if (value != null && range.has(key)) {
            found.remove(key);
            found.add(key);
          }
        });
    found.sort(null);
    return found.size() > atMost ? found.subList(0, atMost) : found;
  }

  /** No job of the channel is blocked since before this offset. */
  public long front(Channel channel) {
    Long mine = further.get(channel);
    return mine == null ? fronts.of(channel) : mine;
  }

  /** With what this step leaves blocked, none is since before this offset. */
  public void setFront(Channel channel, long offset) {
    further.put(channel, offset);
  }

  /** The fronts that hold once this step is applied. */
  public Map<Channel, Long> further() {
    return further;
  }

  public @Nullable JobRow job(JobId id) {
    JobRow mine = jobs.get(id);
    if (mine != null) {
      return mine;
    }
    JobRow row = get(Tables.JOBS, id);
    if (row != null) {
      jobs.put(id, row);
    }
    return row;
  }

  /** The rules by which this step is decided. */
  public int rules() {
    byte[] bytes = get(Tables.RULES);
    return bytes == null ? 1 : (int) Numbers.decode(bytes);
  }

  public void setRules(int rules) {
    put(Tables.RULES, Numbers.encode(rules));
  }

  /** What is known of a queue's settings, if anything is. */
  public @Nullable QueueRow queue(String name) {
    return get(Tables.SETTINGS, name);
  }

  /** A queue's counts, with what this step changes. */
  public Counts counts(String queue) {
    Counts all = Counts.of(rows, queue);
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
    JsonBytes apart = get(Tables.PAYLOADS, row.id());
    if (apart == null) {
      throw new IllegalStateException(
          "Expected a payload row of job " + row.id() + ", but there is none");
    }
    return apart;
  }

  public @Nullable KeyRow key(String queue, String key) {
    return get(Tables.KEYS, new Pair(queue, key));
  }

  public void putKey(String queue, String key, KeyRow row) {
    put(Tables.KEYS, new Pair(queue, key), row);
  }

  public <K, V> void put(Table<K, V> table, K key, V value) {
    put(table.key(key), table.values().encode(value));
  }

  public <K> void put(Numbers<K> table, K key, long number) {
    put(table.key(key), Numbers.encode(number));
  }

  public <K> void mark(Table<K, Boolean> table, K key) {
    mark(table.key(key));
  }

  public <K> void delete(Table<K, ?> table, K key) {
    delete(table.key(key));
  }

  private void put(Bytes key, byte[] value) {
    if (value.length > ROW_MAX_BYTES) {
      throw new IllegalStateException(
          "Expected a row of at most " + ROW_MAX_BYTES + " bytes, but got " + value.length);
    }
    changes.put(key, value);
  }

  private void mark(Bytes key) {
    changes.put(key, PRESENT);
  }

  private void delete(Bytes key) {
    changes.put(key, null);
  }

  public void arm(long dueMs, TimerKind kind, String subject) {
    mark(Timers.key(dueMs, kind, subject));
    meta = meta.armed(dueMs);
  }

  public void arm(long dueMs, TimerKind kind, JobId job) {
    mark(Timers.key(dueMs, kind, job));
    meta = meta.armed(dueMs);
  }

  public void disarm(long dueMs, TimerKind kind, String subject) {
    delete(Timers.key(dueMs, kind, subject));
  }

  /** How much of flows the outbox holds. */
  public OutboxFill outbox() {
    return OutboxFill.of(this, Tables.OUTBOX_FILL);
  }

  /** These have arrived. */
  public void relayed(List<Sequence> entries) {
    boolean counts = get(Tables.OUTBOX_FILL) != null;
    long bytes = 0;
    int ofFlows = 0;
    for (Sequence each : entries) {
      Bytes key = Tables.OUTBOX.key(each);
      byte[] row = counts ? get(key) : null;
      if (row != null && LogCodec.isOfFlow(row)) {
        ofFlows++;
        bytes += row.length;
      }
      delete(key);
    }
    if (ofFlows > 0) {
      put(Tables.OUTBOX_FILL, outbox().plus(-ofFlows, -bytes).encode());
    }
  }

  /** A number greater than all before, for what is served in the order of coming. */
  public long nextNumber() {
    byte[] last = get(Tables.NUMBER);
    long next = last == null ? 1 : Numbers.decode(last) + 1;
    put(Tables.NUMBER, Numbers.encode(next));
    return next;
  }

  /** Asks another shard for something: it is brought there, however long that takes. */
  public void relay(int to, LogEntry entry) {
    long sequence = get(Tables.RELAYED, to, 0) + 1;
    put(Tables.RELAYED, to, sequence);
    byte[] row = Tables.OUTBOX.values().encode(entry);
    put(Tables.OUTBOX.key(new Sequence(to, sequence)), row);
    if (entry instanceof FlowEntry) {
      put(Tables.OUTBOX_FILL, outbox().plus(1, row.length).encode());
    }
    add(new Effect.Relay(to, sequence, entry));
  }

  /**
   * Saves a job and everything that is derived from it: its timers, its places in indexes and
   * lines, its permits, and the counts.
   */
  public void save(@Nullable JobRow before, JobRow after) {
    derived.forEach(each -> each.changed(this, before, after));
    if (before != null) {
      DerivedKeys.of(before).forEach(this::delete);
      count(before, -1);
    } else {
      begin(after);
    }
    for (Bytes key : DerivedKeys.of(after)) {
      mark(key);
      meta = meta.armed(Timers.dueOrNever(key));
    }
    count(after, 1);
    countWay(before, after);
    noteKey(before, after);
    jobs.put(after.id(), after);
    put(Tables.JOBS, after.id(), after);
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
    Bytes key = Timers.forget(dueMs, meta.offset() / FORGET_MAX);
    byte[] others = get(key);
    if (others == null || others.length <= FORGET_MAX * JobId.BYTES) {
      put(key, Timers.append(others, job));
      meta = meta.armed(dueMs);
    } else {
      arm(keptUntilMs, TimerKind.RETENTION, job);
    }
  }

  /** Removes a job with all of its rows. */
  public void remove(JobRow row) {
    derived.forEach(each -> each.changed(this, row, null));
    DerivedKeys.of(row).forEach(this::delete);
    count(row, -1);
    noteKey(row, null);
    jobs.remove(row.id());
    delete(Tables.JOBS, row.id());
    if (row.body().payloadApart()) {
      delete(Tables.PAYLOADS, row.id());
    }
    if (row.state() == JobState.SUCCEEDED && row.body().result() == null) {
      delete(Tables.RESULTS, row.id());
    }
    if (row.status().sent().dispatch() > 0) {
      deleteIfThere(Tables.REPORTS, row.id());
      deleteIfThere(Tables.PARKED, row.id());
    }
    if (row.spec().idempotency() != null) {
      delete(Tables.SUBMITTED, row.spec());
    }
    int ended = row.status().tries().ended();
    int apart = row.body().last() == null ? ended : ended - 1;
    for (int i = Math.max(0, ended - Attempt.KEPT); i < apart; i++) {
      delete(Tables.ATTEMPTS, new JobPart(row.id(), i));
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

  /** The jobs that have given something up that others may wait for; named once. */
  public List<JobRow> takeFreed() {
    List<JobRow> all = List.copyOf(freed);
    freed.clear();
    return all;
  }

  private void deleteIfThere(Table<JobId, ?> table, JobId job) {
    if (has(table, job)) {
      delete(table, job);
    }
  }

  /** What is written once for a job that comes new. */
  private void begin(JobRow row) {
    if (row.body().payloadApart()) {
      put(Tables.PAYLOADS, row.id(), row.spec().payload());
    }
    Idempotency idempotency = row.spec().idempotency();
    if (idempotency != null) {
      put(Tables.SUBMITTED, row.spec(), Submitted.of(row.id(), idempotency));
    }
  }

  private void noteFreed(@Nullable JobRow before, JobRow after) {
    if (before == null) {
      return;
    }
    boolean key = before.status().holdsKey() && !after.status().holdsKey();
    boolean permit = before.status().isOut() && !after.status().isOut();
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
    Gate gate = row.status().gate();
    if (row.state() == JobState.BLOCKED && gate != null) {
      mine.addBlocked(gate, by);
    }
    if (row.status().lingers()) {
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
    KeyRow left = before == null ? row : row.without(before.id(), before.status());
    KeyRow next = after == null ? left : left.with(after.id(), after.status());
    if (!next.equals(row)) {
      putKey(spec.queue(), key.value(), next);
    }
  }
}
