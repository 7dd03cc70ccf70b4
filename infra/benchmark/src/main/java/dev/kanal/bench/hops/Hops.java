package dev.kanal.bench.hops;

import dev.kanal.bench.run.Benchmark;
import dev.kanal.bench.run.Column;
import dev.kanal.bench.run.Contender;
import dev.kanal.bench.run.Measures;
import java.util.ArrayList;
import java.util.List;
import java.util.function.ToLongFunction;

/** Where a job's time goes, leg by leg. */
public final class Hops {
  private static final double NANOS_PER_MS = 1e6;
  private static final double PERCENT = 100;

  private static final Column JOBS = Column.rate("jobs seen", "");
  private static final Column LANE_BUSY =
      Column.cost("… of which the lane was at its last batch", "%");
  private static final Column MET_COMMIT =
      Column.cost("jobs that met a commit of their thread", "%");
  private static final Column WITH_COMMIT = Column.cost("from log to turn if so, mean", "ms");
  private static final Column WITHOUT_COMMIT = Column.cost("from log to turn if not, mean", "ms");

  private Hops() {}

  public static Benchmark benchmark() {
    return new Benchmark(
        "hops",
        "where the time from a job's id to its handler goes",
        new Benchmark.Sizes(
            "20 s after 20 s to warm up at the same rate; one job in eight is looked at",
            "4 s after 4 s to warm up at the same rate; one job in eight is looked at"),
        columns(),
        List.of(
            Contender.of("200 a second", new HopsTrial(200)),
            Contender.of("1,000 a second", new HopsTrial(1_000)),
            Contender.of("5,000 a second", new HopsTrial(5_000))));
  }

  static Measures measures(List<Journey> all) {
    Measures measures = new Measures().put(JOBS, all.size());
    put(measures, "whole way", all, Journey::nanos);
    double whole = mean(all, Journey::nanos);
    for (Leg leg : Leg.values()) {
      ToLongFunction<Journey> time = journey -> journey.legs().getOrDefault(leg, 0L);
      measures.put(share(leg), mean(all, time) / whole * PERCENT);
      if (leg == Leg.FETCH) {
        measures.put(LANE_BUSY, mean(all, Journey::laneBusy) / whole * PERCENT);
      }
      put(measures, leg.title(), all, time);
    }
    List<Journey> met = all.stream().filter(Journey::metCommit).toList();
    List<Journey> others = all.stream().filter(journey -> !journey.metCommit()).toList();
    return measures
        .put(MET_COMMIT, met.size() * PERCENT / Math.max(1, all.size()))
        .put(WITH_COMMIT, mean(met, Journey::waited) / NANOS_PER_MS)
        .put(WITHOUT_COMMIT, mean(others, Journey::waited) / NANOS_PER_MS);
  }

  private static List<Column> columns() {
    List<Column> columns = new ArrayList<>(List.of(JOBS));
    columns.addAll(List.of(p50("whole way"), p99("whole way")));
    for (Leg leg : Leg.values()) {
      columns.add(share(leg));
      if (leg == Leg.FETCH) {
        columns.add(LANE_BUSY);
      }
      columns.addAll(List.of(p50(leg.title()), p99(leg.title())));
    }
    columns.addAll(List.of(MET_COMMIT, WITH_COMMIT, WITHOUT_COMMIT));
    return columns;
  }

  private static void put(
      Measures measures, String name, List<Journey> all, ToLongFunction<Journey> time) {
    long[] sorted = all.stream().mapToLong(time).sorted().toArray();
    measures.put(p50(name), at(sorted, 50)).put(p99(name), at(sorted, 99));
  }

  private static double at(long[] sorted, int percentile) {
    return sorted.length == 0
        ? 0
        : sorted[(sorted.length - 1) * percentile / (int) PERCENT] / NANOS_PER_MS;
  }

  private static double mean(List<Journey> all, ToLongFunction<Journey> time) {
    return all.stream().mapToLong(time).average().orElse(0);
  }

  private static Column share(Leg leg) {
    return Column.cost(leg.title(), "% of the mean");
  }

  private static Column p50(String name) {
    return Column.cost(name + ", p50", "ms");
  }

  private static Column p99(String name) {
    return Column.cost(name + ", p99", "ms");
  }
}
