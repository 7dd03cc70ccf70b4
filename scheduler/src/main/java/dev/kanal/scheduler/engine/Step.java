package dev.kanal.scheduler.engine;

import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * One decision in the making: it reads the store and its own changes, and writes nothing. What it
 * has gathered is applied as a whole, or not at all.
 */
final class Step {
  /** A row larger than this cannot be: what is in it is bounded below. */
  static final int ROW_MAX_BYTES = 1_500_000;

  private static final byte[] PRESENT = {1};

  private final Rows rows;
  private final Map<JobId, JobRow> jobs = new HashMap<>();
  private final Map<Bytes, byte @Nullable []> changes = new LinkedHashMap<>();
  private final Map<String, Counts> counts = new HashMap<>();
  private final List<Effect> effects = new ArrayList<>();
  private Meta meta;

  /** A step for the input at {@code meta}'s offset, at {@code meta}'s time. */
  Step(Rows rows, Meta meta) {
    this.rows = rows;
    this.meta = meta;
  }

  Meta meta() {
    return meta;
  }

  long nowMs() {
    return meta.nowMs();
  }

  void setMeta(Meta next) {
    meta = next;
  }

  Rows rows() {
    return rows;
  }

  byte @Nullable [] get(Bytes key) {
    return changes.containsKey(key) ? changes.get(key) : rows.get(key);
  }

  @Nullable JobRow job(JobId id) {
    JobRow mine = jobs.get(id);
    if (mine != null) {
      return mine;
    }
    byte[] bytes = get(Keys.job(id));
    return bytes == null ? null : RowCodec.decodeJob(bytes);
  }

  void put(Bytes key, byte[] value) {
    if (value.length > ROW_MAX_BYTES) {
      throw new IllegalStateException(
          "Expected a row of at most " + ROW_MAX_BYTES + " bytes, but got " + value.length);
    }
    changes.put(key, value);
  }

  void delete(Bytes key) {
    changes.put(key, null);
  }

  /**
   * Saves a job and everything that is derived from it: its timers, its place in a lane's index,
   * and the counts.
   */
  void save(@Nullable JobRow before, JobRow after) {
    if (before != null) {
      derivedKeys(before).forEach(this::delete);
      count(before, -1);
    }
    for (Bytes key : derivedKeys(after)) {
      put(key, PRESENT);
    }
    count(after, 1);
    jobs.put(after.id(), after);
    put(Keys.job(after.id()), RowCodec.encode(after));
  }

  /** Removes a job with all of its rows. */
  void remove(JobRow row) {
    derivedKeys(row).forEach(this::delete);
    count(row, -1);
    jobs.remove(row.id());
    delete(Keys.job(row.id()));
    delete(Keys.payload(row.id()));
    if (row.state() == JobState.SUCCEEDED) {
      delete(Keys.result(row.id()));
    }
    int ended = row.progress().ended();
    for (int i = Math.max(0, ended - Attempt.KEPT); i < ended; i++) {
      delete(Keys.attempt(row.id(), i));
    }
  }

  void add(Effect effect) {
    effects.add(effect);
  }

  Map<Bytes, byte @Nullable []> changes() {
    return changes;
  }

  /** How the counts of each queue change. */
  Map<String, Counts> countChanges() {
    return counts;
  }

  List<Effect> effects() {
    return effects;
  }

  private void count(JobRow row, int by) {
    counts.computeIfAbsent(row.spec().queue(), _ -> new Counts()).add(row.state(), by);
  }

  private List<Bytes> derivedKeys(JobRow row) {
    Progress progress = row.progress();
    JobId id = row.id();
    List<Bytes> keys = new ArrayList<>(2);
    switch (row.state()) {
      case SCHEDULED, RETRYING -> timer(keys, progress.dueMs(), TimerKind.START, id);
      case RUNNING -> timer(keys, progress.dueMs(), TimerKind.LEASE, id);
      case QUEUED -> keys.add(Keys.queued(row.lane(), progress.offset(), id));
      case BLOCKED -> keys.add(Keys.blocked(row.lane(), progress.offset(), id));
      case SUCCEEDED, DEAD, CANCELLED, EXPIRED ->
          timer(keys, row.keptUntilMs(), TimerKind.RETENTION, id);
    }
    if (JobScan.FILED.contains(row.state())) {
      keys.add(Keys.withJob(Keys.filed(row.state(), row.spec().queue()), id));
    }
    var deadline = row.spec().deadline();
    if (deadline != null && !row.state().isFinal()) {
      timer(keys, deadline.toEpochMilli(), TimerKind.DEADLINE, id);
    }
    return keys;
  }

  private void timer(List<Bytes> keys, long dueMs, TimerKind kind, JobId id) {
    keys.add(Keys.timer(dueMs, kind, id));
    meta = meta.armed(dueMs);
  }
}
