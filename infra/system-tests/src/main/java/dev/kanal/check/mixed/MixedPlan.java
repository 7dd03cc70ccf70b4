package dev.kanal.check.mixed;

import dev.kanal.check.mix.Kind;
import java.time.Duration;
import java.util.Set;

/**
 * The plan of a mixed check.
 *
 * @param over how long submitting takes
 * @param kills whether processes are killed meanwhile
 */
public record MixedPlan(int jobs, long seed, Duration over, Set<Kind> kinds, boolean kills) {
  public MixedPlan {
    kinds = Set.copyOf(kinds);
  }

  /** Schedules are tried only beside everything else. */
  boolean withSchedules() {
    return kinds.size() == Kind.values().length;
  }
}
