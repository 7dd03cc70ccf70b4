package dev.kanal.check.cluster;

import java.util.List;

/**
 * What a cluster consists of, beside one Kafka.
 *
 * @param workerArguments settings of each worker, as on the command line
 * @param workerJvm options of each worker's JVM
 */
public record Layout(int schedulers, int workers, List<String> workerArguments, String workerJvm) {
  /** Two of each, with defaults. */
  public static final Layout TWO = new Layout(2, 2, List.of(), Member.JVM);

  public Layout {
    workerArguments = List.copyOf(workerArguments);
  }

  /** One scheduler, and so many workers with these settings. */
  public static Layout workers(int workers, String... arguments) {
    return new Layout(1, workers, List.of(arguments), Member.JVM);
  }

  public Layout withWorkerJvm(String options) {
    return new Layout(schedulers, workers, workerArguments, options);
  }

  String told() {
    return "Kafka, %s and %s".formatted(count(schedulers, "scheduler"), count(workers, "worker"));
  }

  private static String count(int count, String what) {
    return count == 1 ? "one " + what : count + " " + what + "s";
  }
}
