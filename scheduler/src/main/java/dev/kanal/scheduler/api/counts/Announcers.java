package dev.kanal.scheduler.api.counts;

import dev.kanal.common.worker.KnownWorkers;
import dev.kanal.common.worker.WorkerReport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The live workers that could take a job.
 *
 * @param ofQueue how many take tasks of its queue
 * @param ofType how many of these have a handler for its type
 * @param some of the latter, at most {@link #MAX}
 */
public record Announcers(int ofQueue, int ofType, List<String> some) {
  /** Workers that are named. */
  static final int MAX = 10;

  public Announcers {
    some = List.copyOf(some);
  }

  public static Announcers of(List<WorkerReport> live, String queue, String type) {
    List<WorkerReport> taking = live.stream().filter(each -> each.takes(queue)).toList();
    List<String> handling =
        taking.stream()
            .filter(each -> each.handles(queue, type))
            .map(each -> each.worker().toString())
            .toList();
    return new Announcers(
        taking.size(), handling.size(), handling.subList(0, Math.min(MAX, handling.size())));
  }

  /** Null as long as it is not known which workers there are. */
  public static @Nullable List<WorkerReport> live(KnownWorkers known) {
    return known.isComplete() ? known.live() : null;
  }
}
