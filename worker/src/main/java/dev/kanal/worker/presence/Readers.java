package dev.kanal.worker.presence;

import dev.kanal.common.worker.WorkerReport;
import java.util.Collection;
import java.util.HashMap;
import java.util.Map;
import java.util.function.ToIntFunction;

/**
 * How many workers read each queue, at one time; 1 or more, since this worker does.
 *
 * @param all that read every queue
 * @param more those that read this queue and not every one
 */
record Readers(int all, Map<String, Integer> more) implements ToIntFunction<String> {
  /** Those that drain read nothing. */
  static Readers of(Collection<WorkerReport> live) {
    int all = 0;
    Map<String, Integer> more = new HashMap<>();
    for (WorkerReport each : live) {
      if (!each.draining() && each.queues().isEmpty()) {
        all++;
      } else if (!each.draining()) {
        each.queues().forEach(queue -> more.merge(queue, 1, Integer::sum));
      }
    }
    return new Readers(all, Map.copyOf(more));
  }

  @Override
  public int applyAsInt(String queue) {
    return Math.max(1, all + more.getOrDefault(queue, 0));
  }
}
