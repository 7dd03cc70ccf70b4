package dev.kanal.scheduler.engine.upkeep;

import dev.kanal.common.job.JobSpec;
import dev.kanal.common.log.LogEntry.TypesHandled;
import dev.kanal.common.worker.WorkerReport;
import java.util.List;
import java.util.SortedSet;
import java.util.TreeSet;

/**
 * What the live workers of one queue run.
 *
 * @param workers how many there are
 * @param types that one of them runs at least
 * @param mixed whether one of them lacks a type that another runs
 * @param sayTypes whether one of them is of a release whose schedulers learn of types
 * @param complete whether these are all; else there may be more, and nothing follows from a type
 *     that is missing
 */
record TypeCoverage(
    int workers, SortedSet<String> types, boolean mixed, boolean sayTypes, boolean complete) {

  static TypeCoverage of(String queue, List<WorkerReport> live) {
    SortedSet<String> types = new TreeSet<>();
    List<String> first = null;
    int workers = 0;
    boolean mixed = false;
    boolean sayTypes = false;
    boolean complete = true;
    for (WorkerReport each : live) {
      if (each.takes(queue)) {
        workers++;
        sayTypes |= each.ownTopics();
        complete &= each.types().size() < WorkerReport.NAMES_MAX;
        if (first == null || !first.equals(each.types())) {
          mixed |= first != null;
          first = each.types();
          types.addAll(each.types());
        }
      }
    }
    types.removeIf(type -> !JobSpec.TYPE.matcher(type).matches());
    complete &= types.size() <= TypesHandled.MAX;
    return new TypeCoverage(workers, types, mixed, sayTypes, complete);
  }
}
