package dev.kanal.scheduler.engine;

import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import java.util.EnumMap;
import java.util.Map;

/** How many jobs of a queue are in each state. Belongs to its shard's thread. */
final class Counts {
  private static final JobState[] STATES = JobState.values();

  private final long[] byState = new long[STATES.length];
  private final long[] queued = new long[Priority.values().length];
  private long lingering;
  private long arrived;
  private long drained;

  long of(JobState state) {
    return byState[state.code()];
  }

  /** How many jobs are in each state in which there are any. */
  Map<JobState, Long> byState() {
    Map<JobState, Long> some = new EnumMap<>(JobState.class);
    for (JobState state : STATES) {
      if (of(state) != 0) {
        some.put(state, of(state));
      }
    }
    return some;
  }

  /** Jobs in other states than queued or running of which a run may still be out. */
  long lingering() {
    return lingering;
  }

  /** Jobs of a priority that are queued. */
  long queued(Priority priority) {
    return queued[priority.code()];
  }

  /** How many times a job has become queued since the queue began; again after a retry. */
  long arrived() {
    return arrived;
  }

  /** How many times one that was queued or running has left both. */
  long drained() {
    return drained;
  }

  void addQueued(Priority priority, long count) {
    queued[priority.code()] += count;
  }

  void addArrived(long count) {
    arrived += count;
  }

  void addDrained(long count) {
    drained += count;
  }

  /** Jobs that count against the queue's concurrency. */
  long out() {
    return of(JobState.QUEUED) + of(JobState.RUNNING) + lingering;
  }

  void add(JobState state, long count) {
    byState[state.code()] += count;
  }

  void addLingering(long count) {
    lingering += count;
  }

  void addAll(Counts other) {
    for (int i = 0; i < byState.length; i++) {
      byState[i] += other.byState[i];
    }
    for (int i = 0; i < queued.length; i++) {
      queued[i] += other.queued[i];
    }
    lingering += other.lingering;
    arrived += other.arrived;
    drained += other.drained;
  }
}
