package dev.kanal.scheduler.engine;

import dev.kanal.common.job.JobState;
import java.util.EnumMap;
import java.util.Map;

/** How many jobs of a queue are in each state. Belongs to its shard's thread. */
final class Counts {
  private final Map<JobState, Long> byState = new EnumMap<>(JobState.class);
  private long lingering;

  long of(JobState state) {
    return byState.getOrDefault(state, 0L);
  }

  /** How many jobs are in each state in which there are any. */
  Map<JobState, Long> byState() {
    Map<JobState, Long> some = new EnumMap<>(byState);
    some.values().removeIf(count -> count == 0);
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
    byState.merge(state, count, Long::sum);
  }

  void addLingering(long count) {
    lingering += count;
  }

  void addAll(Counts other) {
    other.byState.forEach(this::add);
    lingering += other.lingering;
  }
}
