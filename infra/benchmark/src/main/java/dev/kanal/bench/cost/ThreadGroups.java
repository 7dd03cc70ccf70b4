package dev.kanal.bench.cost;

import java.util.List;

/** The threads of {@code ./kanal up}, by whose work they do. */
enum ThreadGroups {
  BROKER(
      "broker",
      "data-plane-",
      "kafka-",
      "kraft-",
      "quorum-controller-",
      "broker-",
      "raft-",
      "group-coordinator",
      "share-coordinator",
      "group-metadata-manager",
      "transaction",
      "TxnMarkerSenderThread",
      "Transaction",
      "ExpirationReaper-",
      "executor-",
      "SensorExpiryThread",
      "ThrottledChannelReaper",
      "LogDirFailureHandler",
      "PersisterStateManager",
      "persister-",
      "NodeToControllerChannelManager",
      "controller-",
      "remote-log",
      "kafka-log-cleaner",
      "metrics-meter-tick",
      "share-group",
      "AlterPartition",
      "client-metrics",
      "forwarding-",
      "coordinator-"),
  ENGINE("stream threads", "kanal-engine", "rocksdb", "kanal-ticks", "kanal-state"),
  PRODUCERS("producers", "kafka-producer-network-thread", "kanal-log"),
  API("HTTP", "vert.x-"),
  WORKER("worker", "kanal-lane", "consumer_background_thread", "kanal-worker", "ForkJoinPool"),
  COMPILERS("compilers", "C1 CompilerThread", "C2 CompilerThread"),
  COLLECTOR("collector", "GC Thread", "G1 ", "Parallel", "VM Thread", "VM Periodic"),
  REST("rest");

  /** More than one prefix may fit, such as Kafka's of a client in the broker's process. */
  private static final List<ThreadGroups> ORDER =
      List.of(PRODUCERS, ENGINE, API, WORKER, COMPILERS, COLLECTOR, BROKER);

  private final String title;
  private final List<String> prefixes;

  ThreadGroups(String title, String... prefixes) {
    this.title = title;
    this.prefixes = List.of(prefixes);
  }

  String title() {
    return title;
  }

  /** The group of a thread of that name. */
  static ThreadGroups of(String name) {
    return ORDER.stream()
        .filter(group -> group.prefixes.stream().anyMatch(name::startsWith))
        .findFirst()
        .orElse(REST);
  }
}
