package dev.kanal.check.cluster;

import java.util.List;

/**
 * What a cluster consists of, beside one Kafka.
 *
 * @param workerArguments settings of each worker, as on the command line
 * @param jvm options of the JVMs of all others
 * @param workerJvm options of each worker's JVM
 */
public record Layout(
    int schedulers, int workers, List<String> workerArguments, String jvm, String workerJvm) {
  /** Several processes share the machine with what is checked. */
  private static final String SMALL = "-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

  /** As they are without options. */
  private static final String PLAIN = "";

  /** Two of each, with defaults. */
  public static final Layout TWO = new Layout(2, 2, List.of(), SMALL, SMALL);

  public Layout {
    workerArguments = List.copyOf(workerArguments);
  }

  /** One scheduler, and so many workers with these settings; how fast they are is looked at. */
  public static Layout workers(int workers, String... arguments) {
    return new Layout(1, workers, List.of(arguments), PLAIN, PLAIN);
  }

  public Layout withWorkerJvm(String options) {
    return new Layout(schedulers, workers, workerArguments, jvm, options);
  }

  String told() {
    return "Kafka, %s and %s".formatted(count(schedulers, "scheduler"), count(workers, "worker"));
  }

  private static String count(int count, String what) {
    return count == 1 ? "one " + what : count + " " + what + "s";
  }
}
