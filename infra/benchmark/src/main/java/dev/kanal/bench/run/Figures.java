package dev.kanal.bench.run;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/** All that the trials of one benchmark measured. Not for several threads. */
public final class Figures {
  private final Benchmark benchmark;
  private final Map<String, List<Map<String, Double>>> trials = new LinkedHashMap<>();
  private final Map<String, String> remarks = new LinkedHashMap<>();
  private boolean complete = true;

  public Figures(Benchmark benchmark) {
    this.benchmark = benchmark;
  }

  public Benchmark benchmark() {
    return benchmark;
  }

  void add(String contender, Map<String, Double> measured) {
    trials.computeIfAbsent(contender, each -> new ArrayList<>()).add(Map.copyOf(measured));
  }

  /** A trial that should have measured something did not. */
  void fail(String contender, String why) {
    complete = false;
    remark(contender, why);
  }

  /** Whether all trials that this machine has the programs for measured something. */
  public boolean isComplete() {
    return complete;
  }

  /** Why a contender has fewer figures than others. */
  void remark(String contender, String why) {
    remarks.put(contender, why);
  }

  public Map<String, String> remarks() {
    return remarks;
  }

  public Optional<Series> series(String contender, Column column) {
    List<Double> values =
        trials.getOrDefault(contender, List.of()).stream()
            .filter(each -> each.containsKey(column.name()))
            .map(each -> each.get(column.name()))
            .toList();
    return values.isEmpty() ? Optional.empty() : Optional.of(new Series(values));
  }

  /** How much better Kanal's median is than a contender's; above 1 means that it is better. */
  public Optional<Double> ratio(String contender, Column column) {
    return series(benchmark.contenders().getFirst().name(), column)
        .flatMap(
            ours ->
                series(contender, column)
                    .map(
                        theirs ->
                            column.moreIsBetter()
                                ? ours.median() / theirs.median()
                                : theirs.median() / ours.median()));
  }
}
