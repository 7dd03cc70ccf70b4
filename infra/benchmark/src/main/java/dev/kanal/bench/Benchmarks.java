package dev.kanal.bench;

import dev.kanal.bench.cost.Cost;
import dev.kanal.bench.endtoend.EndToEnd;
import dev.kanal.bench.growth.Growth;
import dev.kanal.bench.hops.Hops;
import dev.kanal.bench.inprocess.InProcess;
import dev.kanal.bench.latency.Latency;
import dev.kanal.bench.queues.Queues;
import dev.kanal.bench.rest.Rest;
import dev.kanal.bench.run.Benchmark;
import dev.kanal.bench.telemetry.TelemetryCost;
import dev.kanal.bench.timers.Timers;
import dev.kanal.bench.worker.TopicOfTasks;
import java.util.ArrayList;
import java.util.List;

/** All benchmarks. */
public final class Benchmarks {
  private Benchmarks() {}

  /** In the order in which they run. */
  public static List<Benchmark> all() {
    List<Benchmark> all = new ArrayList<>();
    all.add(EndToEnd.benchmark());
    all.add(TopicOfTasks.benchmark());
    all.addAll(Latency.benchmarks());
    all.add(Latency.types());
    all.add(Latency.cold());
    all.add(Rest.benchmark());
    all.add(Timers.benchmark());
    all.add(Growth.benchmark());
    all.addAll(TelemetryCost.benchmarks());
    all.addAll(Cost.benchmarks());
    all.add(Queues.benchmark());
    all.add(Hops.benchmark());
    all.add(InProcess.benchmark());
    return List.copyOf(all);
  }

  /**
   * @throws IllegalArgumentException if there is none of that name
   */
  public static Benchmark named(String name) {
    return all().stream()
        .filter(each -> each.name().equals(name))
        .findFirst()
        .orElseThrow(
            () ->
                new IllegalArgumentException(
                    "Expected the name of a benchmark ("
                        + String.join(", ", all().stream().map(Benchmark::name).toList())
                        + "), but found "
                        + name));
  }
}
