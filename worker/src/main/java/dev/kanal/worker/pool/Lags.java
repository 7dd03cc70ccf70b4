package dev.kanal.worker.pool;

import java.util.Map;
import java.util.Set;

/** How many records of queues wait or run, on any worker. */
@FunctionalInterface
public interface Lags {
  /** Those that can be learned now; blocks for a few seconds at most, and never throws. */
  Map<String, Long> of(Set<String> queues);
}
