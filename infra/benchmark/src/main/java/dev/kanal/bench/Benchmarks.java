package dev.kanal.bench;

import dev.kanal.bench.endtoend.EndToEnd;
import dev.kanal.bench.latency.Latency;
import dev.kanal.bench.run.Benchmark;
import java.util.List;
import java.util.stream.Stream;

/** All benchmarks that there are. */
public final class Benchmarks {
  private Benchmarks() {}

  /** In the order in which they run. */
  public static List<Benchmark> all() {
    return Stream.concat(Stream.of(EndToEnd.benchmark()), Latency.benchmarks().stream()).toList();
  }

  /**
   * @throws IllegalArgumentException if there is none of the name
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
