package dev.kanal.scheduler.engine.row;

import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import java.util.Arrays;
import java.util.EnumMap;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;

/** How many jobs of a queue are in each state. Belongs to its shard's thread. */
public final class Counts {
  private static final JobState[] STATES = JobState.values();

  private final long[] byState = new long[STATES.length];
  private final long[] queued = new long[Priority.values().length];
  private final long[] blocked = new long[Gate.values().length];
  private boolean gatesKnown = true;
  private long lingering;
  private long arrived;
  private long drained;
  private long submitted;

  public long of(JobState state) {
    return byState[state.code()];
  }

  /** How many jobs are in each state in which there are any. */
  public Map<JobState, Long> byState() {
    Map<JobState, Long> some = new EnumMap<>(JobState.class);
    for (JobState state : STATES) {
      if (of(state) != 0) {
        some.put(state, of(state));
      }
    }
    return some;
  }

  /** Jobs in other states than queued or running of which a run may still be out. */
  public long lingering() {
    return lingering;
  }

  /** Jobs that are blocked by a gate; only if {@link #gatesKnown}. */
  public long blocked(Gate gate) {
    return blocked[gate.code()];
  }

  /** False of a row that release 0.1.0 wrote while jobs were blocked. */
  public boolean gatesKnown() {
    return gatesKnown;
  }

  void forgetGates() {
    gatesKnown = false;
  }

  public void addBlocked(Gate gate, long count) {
    blocked[gate.code()] += count;
  }

  /** Counts the blocked jobs by gate anew, from the lines in which they stand. */
  public void countGates(Rows rows, String queue) {
    long inLine =
        Rows.count(rows, Keys.linesOf(queue), Keys.after(Keys.linesOf(queue)), Long.MAX_VALUE);
    long byQueue = 0;
    for (Priority priority : Priority.values()) {
      Lane lane = new Lane(queue, priority);
      Bytes from = Keys.blockedFrom(lane, 0);
      byQueue += Rows.count(rows, from, Keys.blockedFrom(lane, Long.MAX_VALUE), Long.MAX_VALUE);
    }
    Arrays.fill(blocked, 0);
    addBlocked(Gate.KEY, inLine);
    addBlocked(Gate.QUEUE, byQueue);
    addBlocked(Gate.RUN, of(JobState.BLOCKED) - inLine - byQueue);
    gatesKnown = true;
  }

  /** Jobs of a priority that are queued. */
  public long queued(Priority priority) {
    return queued[priority.code()];
  }

  /** How many times a job has become queued since the queue began; again after a retry. */
  public long arrived() {
    return arrived;
  }

  /** How many times one that was queued or running has left both. */
  public long drained() {
    return drained;
  }

  /** How many jobs came new in one step; no row keeps it. */
  public long submitted() {
    return submitted;
  }

  public void addQueued(Priority priority, long count) {
    queued[priority.code()] += count;
  }

  public void addArrived(long count) {
    arrived += count;
  }

  public void addDrained(long count) {
    drained += count;
  }

  public void addSubmitted(long count) {
    submitted += count;
  }

  /** Jobs that count against the queue's concurrency. */
  public long out() {
    return of(JobState.QUEUED) + of(JobState.RUNNING) + lingering;
  }

  public void add(JobState state, long count) {
    byState[state.code()] += count;
  }

  public void addLingering(long count) {
    lingering += count;
  }

  public void addAll(Counts other) {
    for (int i = 0; i < byState.length; i++) {
      byState[i] += other.byState[i];
    }
    for (int i = 0; i < queued.length; i++) {
      queued[i] += other.queued[i];
    }
    for (int i = 0; i < blocked.length; i++) {
      blocked[i] += other.blocked[i];
    }
    lingering += other.lingering;
    arrived += other.arrived;
    drained += other.drained;
  }
}
