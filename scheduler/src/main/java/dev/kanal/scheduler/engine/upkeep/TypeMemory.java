package dev.kanal.scheduler.engine.upkeep;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * Which types shards are to believe that a queue's workers run. A type counts as run for a while
 * after its last worker was seen, as while workers are restarted; so does the last worker of a
 * queue. Belongs to one thread.
 */
final class TypeMemory {
  /** A worker that restarts, or a rolling deploy, takes less. */
  static final Duration KEPT = Duration.ofMinutes(1);

  /** In place of a type: any worker at all. */
  private static final String WORKER = "";

  private final Map<String, Map<String, Long>> seen = new HashMap<>();

  /**
   * What a shard should know of a queue.
   *
   * @param known what it knows; null if nothing
   * @return null if it should know nothing, and so hold no job back
   */
  @Nullable List<String> next(
      String queue, TypeCoverage now, @Nullable List<String> known, long nanos) {
    if (!now.complete()) {
      return null;
    }
    Map<String, Long> mine = seen.computeIfAbsent(queue, _ -> new HashMap<>());
    now.types().forEach(type -> mine.put(type, nanos));
    if (now.workers() > 0) {
      mine.put(WORKER, nanos);
    } else if (known == null || !isKept(mine, WORKER, nanos)) {
      return null;
    }
    TreeSet<String> next = new TreeSet<>(now.types());
    if (known != null) {
      known.stream().filter(type -> isKept(mine, type, nanos)).forEach(next::add);
    }
    return List.copyOf(next);
  }

  /** For so long nothing was heard of anybody, since Kafka was away: that counts against nobody. */
  void pause(long nanos) {
    seen.values().forEach(types -> types.replaceAll((_, at) -> at + nanos));
  }

  /** Forgets all other queues. */
  void retain(Set<String> queues) {
    seen.keySet().retainAll(queues);
  }

  /** A node that has not seen it yet, since it has just started, begins to count now. */
  private static boolean isKept(Map<String, Long> seen, String type, long nanos) {
    long last = seen.computeIfAbsent(type, _ -> nanos);
    return nanos - last < KEPT.toNanos();
  }
}
