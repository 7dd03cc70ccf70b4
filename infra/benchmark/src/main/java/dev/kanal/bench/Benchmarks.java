package dev.kanal.bench;

import dev.kanal.bench.endtoend.EndToEnd;
import dev.kanal.bench.inprocess.InProcess;
import dev.kanal.bench.rest.Rest;
import dev.kanal.bench.run.Benchmark;
import dev.kanal.bench.worker.TopicOfTasks;
import java.util.List;

/** All benchmarks that there are. */
public final class Benchmarks {
  private Benchmarks() {}

  /** In the order in which they run. */
  public static List<Benchmark> all() {
    return List.of(
        EndToEnd.benchmark(), TopicOfTasks.benchmark(), Rest.benchmark(), InProcess.benchmark());
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
