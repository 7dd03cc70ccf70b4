package dev.kanal.bench.hops;

import java.util.EnumMap;
import java.util.Map;

/**
 * One job's way.
 *
 * @param legs how long each took, in nanoseconds
 * @param laneBusy for how long of {@link Leg#FETCH} the lane that took the task was at its last
 *     batch
 * @param metCommit whether its stream thread committed between its record's coming into the log and
 *     its turn
 */
record Journey(Map<Leg, Long> legs, long laneBusy, boolean metCommit) {
  Journey {
    legs = new EnumMap<>(legs);
  }

  long nanos() {
    return legs.values().stream().mapToLong(Long::longValue).sum();
  }

  /** From the log to its turn. */
  long waited() {
    return legs.getOrDefault(Leg.POLL, 0L) + legs.getOrDefault(Leg.TURN, 0L);
  }
}
