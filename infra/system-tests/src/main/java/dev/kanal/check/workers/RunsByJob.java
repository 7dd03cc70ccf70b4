package dev.kanal.check.workers;

import dev.kanal.check.history.Run;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;

/** The runs of each job by its number, in the order of their starts. */
record RunsByJob(Map<Integer, List<Run>> runs) {
  static RunsByJob of(List<Run> runs) {
    return new RunsByJob(
        runs.stream()
            .sorted(Comparator.comparingLong(run -> run.span().start()))
            .collect(Collectors.groupingBy(Run::index, TreeMap::new, Collectors.toList())));
  }

  List<Run> of(int number) {
    return runs.getOrDefault(number, List.of());
  }

  /** How many runs there were beyond one of each job. */
  long repeated() {
    return runs.values().stream().mapToLong(each -> each.size() - 1).sum();
  }
}
