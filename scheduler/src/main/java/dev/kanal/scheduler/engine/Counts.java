package dev.kanal.scheduler.engine;

import dev.kanal.common.job.JobState;
import java.util.EnumMap;
import java.util.Map;

/** How many jobs of a queue are in each state. Belongs to its shard's thread. */
final class Counts {
  private static final JobState[] STATES = JobState.values();

  private final long[] byState = new long[STATES.length];
  private long lingering;

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
    lingering += other.lingering;
  }
}
