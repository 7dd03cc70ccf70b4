package dev.kanal.scheduler.engine;

import dev.kanal.common.job.JobState;
import java.util.EnumMap;
import java.util.Map;

/** How many jobs of a queue are in each state. Belongs to its shard's thread. */
final class Counts {
  private final Map<JobState, Long> byState = new EnumMap<>(JobState.class);

  long of(JobState state) {
    return byState.getOrDefault(state, 0L);
  }

  /** How many jobs are in each state in which there are any. */
  Map<JobState, Long> byState() {
    Map<JobState, Long> some = new EnumMap<>(byState);
    some.values().removeIf(count -> count == 0);
    return some;
  }

  void add(JobState state, long count) {
    byState.merge(state, count, Long::sum);
  }

  void addAll(Counts other) {
    other.byState.forEach(this::add);
  }
}
