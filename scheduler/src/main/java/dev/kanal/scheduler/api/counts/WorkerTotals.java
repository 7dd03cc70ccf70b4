package dev.kanal.scheduler.api.counts;

import dev.kanal.common.worker.WorkerReport;
import java.util.List;

/** The live workers, and their slots. */
public record WorkerTotals(int workers, long busy, long total) {
  public static WorkerTotals of(List<WorkerReport> live) {
    return new WorkerTotals(
        live.size(),
        live.stream().mapToLong(each -> each.slots().busy()).sum(),
        live.stream().mapToLong(each -> each.slots().total()).sum());
  }
}
