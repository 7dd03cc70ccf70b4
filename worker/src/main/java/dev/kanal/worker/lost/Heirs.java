package dev.kanal.worker.lost;

import dev.kanal.common.worker.WorkerReport;
import java.util.List;
import java.util.Set;
import java.util.function.Supplier;
import java.util.stream.Collectors;

/**
 * The queues for which this worker removes lost workers: those that it serves, if it is among the
 * first {@link #PER_QUEUE}, by id, of the live workers that serve them. Two, since one may be about
 * to die as well; not all, since each of hundreds would send the same requests. Usable from any
 * thread.
 */
public final class Heirs {
  static final int PER_QUEUE = 2;

  private final String self;
  private final Silences silences;
  private final Supplier<List<WorkerReport>> live;
  private final Supplier<Set<String>> own;

  /**
   * @param live the workers that are known
   * @param own the queues that this worker serves
   */
  public Heirs(
      String self,
      Silences silences,
      Supplier<List<WorkerReport>> live,
      Supplier<Set<String>> own) {
    this.self = self;
    this.silences = silences;
    this.live = live;
    this.own = own;
  }

  public Set<String> queues() {
    List<WorkerReport> heard =
        live.get().stream().filter(each -> silences.isHeard(each.worker().toString())).toList();
    return own.get().stream()
        .filter(queue -> isFirst(queue, heard))
        .collect(Collectors.toUnmodifiableSet());
  }

  private boolean isFirst(String queue, List<WorkerReport> heard) {
    long before =
        heard.stream()
            .filter(each -> each.takes(queue) && each.worker().toString().compareTo(self) < 0)
            .count();
    return before < PER_QUEUE;
  }
}
