package dev.kanal.check.cluster;

import java.util.List;

/**
 * The parts of a cluster, beside one Kafka.
 *
 * @param workerArguments settings of each worker, as on the command line
 * @param jvm options of the JVMs of all others
 * @param workerJvm options of each worker's JVM
 * @param brokers as processes of their own, with Kafka's defaults; 0: one of Kanal's
 */
public record Layout(
    int schedulers,
    int workers,
    List<String> workerArguments,
    String jvm,
    String workerJvm,
    int brokers) {
  /** Several processes share the machine with what is checked. */
  private static final String SMALL = "-Xmx512m -XX:+UseSerialGC -XX:TieredStopAtLevel=1";

  /** JVMs without options. */
  private static final String PLAIN = "";

  /** Two of each, with defaults. */
  public static final Layout TWO = new Layout(2, 2, List.of(), SMALL, SMALL);

  /** A layout with one of Kanal's brokers. */
  public Layout(
      int schedulers, int workers, List<String> workerArguments, String jvm, String workerJvm) {
    this(schedulers, workers, workerArguments, jvm, workerJvm, 0);
  }

  /** Two of each on three brokers. */
  public static final Layout THREE_BROKERS = new Layout(2, 2, List.of(), SMALL, SMALL, 3);

  public Layout {
    workerArguments = List.copyOf(workerArguments);
  }

  /** One scheduler, and {@code workers} workers with these settings; for measuring their speed. */
  public static Layout workers(int workers, String... arguments) {
    return new Layout(1, workers, List.of(arguments), PLAIN, PLAIN);
  }

  public Layout withWorkerJvm(String options) {
    return new Layout(schedulers, workers, workerArguments, jvm, options, brokers);
  }

  String text() {
    return "%s, %s and %s"
        .formatted(
            brokers == 0 ? "Kafka" : count(brokers, "broker"),
            count(schedulers, "scheduler"),
            count(workers, "worker"));
  }

  private static String count(int count, String what) {
    return count == 1 ? "one " + what : count + " " + what + "s";
  }
}
