package dev.kanal.embedded;

import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.IntStream;

/** The settings of each node, as a Kafka configuration file would hold them. */
final class BrokerSettings {
  static final String CONTROLLER_LISTENER = "CONTROLLER";
  static final int NODES_FOR_REPLICATION = 3;

  /** A node's two listeners, both on 127.0.0.1. */
  record NodePorts(int broker, int controller) {}

  private static final int MIB = 1 << 20;
  private static final int INTERNAL_PARTITIONS = 4;

  private final List<NodePorts> ports;
  private final EmbeddedKafkaConfig config;

  BrokerSettings(EmbeddedKafkaConfig config, List<NodePorts> ports) {
    this.config = config;
    this.ports = List.copyOf(ports);
  }

  Map<String, String> ofNode(int id, Path directory) {
    var settings = new HashMap<String, String>();
    identity(settings, id, directory, ports);
    replication(settings);
    groups(settings);
    if (!config.kafkasShareGroups()) {
      shareGroups(settings);
    }
    logs(settings);
    footprint(settings);
    pace(settings);
    if (!config.users().isEmpty()) {
      new Users(config.users()).putInto(settings);
    }
    settings.putAll(config.brokerSettings());
    return settings;
  }

  /** Kafka's own defaults, with three replicas. */
  static Map<String, String> defaults(int id, Path directory, List<NodePorts> ports) {
    var settings = new HashMap<String, String>();
    identity(settings, id, directory, ports);
    settings.put("default.replication.factor", "3");
    settings.put("min.insync.replicas", "2");
    return settings;
  }

  private static void identity(
      Map<String, String> settings, int id, Path directory, List<NodePorts> ports) {
    NodePorts own = ports.get(id);
    settings.put("node.id", Integer.toString(id));
    settings.put("process.roles", "broker,controller");
    settings.put(
        "listeners",
        "PLAINTEXT://127.0.0.1:%d,%s://127.0.0.1:%d"
            .formatted(own.broker(), CONTROLLER_LISTENER, own.controller()));
    settings.put("advertised.listeners", "PLAINTEXT://127.0.0.1:" + own.broker());
    settings.put("listener.security.protocol.map", "PLAINTEXT:PLAINTEXT,CONTROLLER:PLAINTEXT");
    settings.put("controller.listener.names", CONTROLLER_LISTENER);
    settings.put("inter.broker.listener.name", "PLAINTEXT");
    settings.put(
        "controller.quorum.voters",
        IntStream.range(0, ports.size())
            .mapToObj(node -> node + "@127.0.0.1:" + ports.get(node).controller())
            .collect(Collectors.joining(",")));
    settings.put("log.dirs", directory.toString());
    settings.put("auto.create.topics.enable", "false");
  }

  private void replication(Map<String, String> settings) {
    boolean replicated = ports.size() >= NODES_FOR_REPLICATION;
    String replicas = replicated ? "3" : "1";
    String minInSync = replicated ? "2" : "1";
    settings.put("default.replication.factor", replicas);
    settings.put("min.insync.replicas", minInSync);
    settings.put("offsets.topic.replication.factor", replicas);
    for (String topic : List.of("transaction.state.log", "share.coordinator.state.topic")) {
      settings.put(topic + ".replication.factor", replicas);
      settings.put(topic + ".min.isr", minInSync);
      settings.put(topic + ".num.partitions", Integer.toString(INTERNAL_PARTITIONS));
      settings.put(topic + ".segment.bytes", Integer.toString(16 * MIB));
    }
    settings.put("offsets.topic.num.partitions", Integer.toString(INTERNAL_PARTITIONS));
    settings.put("offsets.topic.segment.bytes", Integer.toString(16 * MIB));
  }

  private static void groups(Map<String, String> settings) {
    settings.put("group.initial.rebalance.delay.ms", "0");
    settings.put("group.min.session.timeout.ms", "1000");
    settings.put("group.consumer.min.heartbeat.interval.ms", "500");
    settings.put("group.consumer.heartbeat.interval.ms", "1000");
    settings.put("group.consumer.min.session.timeout.ms", "1000");
    settings.put("group.consumer.session.timeout.ms", "10000");
    settings.put("group.consumer.assignment.interval.ms", "0");
    // INVARIANT: a group that was away comes back to its offsets, however long it was away.
    settings.put("offsets.retention.minutes", Integer.toString(Integer.MAX_VALUE));
    settings.put("transactional.id.expiration.ms", Integer.toString(Integer.MAX_VALUE));
  }

  private static void shareGroups(Map<String, String> settings) {
    settings.put("group.share.min.heartbeat.interval.ms", "250");
    settings.put("group.share.heartbeat.interval.ms", "500");
    settings.put("group.share.min.session.timeout.ms", "1000");
    settings.put("group.share.session.timeout.ms", "10000");
    settings.put("group.share.assignment.interval.ms", "0");
    settings.put("group.share.initialize.retry.interval.ms", "1000");
    settings.put("group.share.max.size", "1000");
    settings.put("group.share.max.partition.max.record.locks", "10000");
    settings.put("group.share.partition.max.record.locks", "10000");
    settings.put("group.share.min.record.lock.duration.ms", "1000");
    settings.put("group.share.record.lock.duration.ms", "15000");
    settings.put("group.share.delivery.count.limit", "10");
    settings.put("group.share.max.delivery.count.limit", "10");
  }

  private static void logs(Map<String, String> settings) {
    settings.put("message.max.bytes", Integer.toString(4 * MIB));
    settings.put("replica.fetch.max.bytes", Integer.toString(4 * MIB));
    settings.put("log.segment.bytes", Integer.toString(128 * MIB));
    settings.put("metadata.log.segment.bytes", Integer.toString(32 * MIB));
    // Each open segment maps two files of this size.
    settings.put("log.index.size.max.bytes", Integer.toString(MIB));
    settings.put("log.cleaner.dedupe.buffer.size", Integer.toString(4 * MIB));
    settings.put("log.cleaner.threads", "1");
  }

  private static void footprint(Map<String, String> settings) {
    settings.put("num.network.threads", "2");
    settings.put("num.io.threads", "4");
    settings.put("background.threads", "2");
    settings.put("num.recovery.threads.per.data.dir", "2");
    settings.put("group.coordinator.threads", "1");
    settings.put("group.coordinator.background.threads", "1");
    settings.put("share.coordinator.threads", "1");
    settings.put("queued.max.requests", "200");
  }

  private void pace(Map<String, String> settings) {
    // A controlled shutdown moves leaders away first. One node has nowhere to move them, and nodes
    // that stop together wait for a quorum that is gone.
    settings.put("controlled.shutdown.enable", "false");
    settings.put("server.max.startup.time.ms", Long.toString(config.startTimeout().toMillis()));
    settings.put("controller.quorum.append.linger.ms", "5");
    if (ports.size() == 1) {
      settings.put("metadata.max.idle.interval.ms", "5000");
      // The skip of a lone node's clock at start makes the events of that moment look slow.
      settings.put("controller.performance.always.log.threshold.ms", "60000");
    } else {
      settings.put("broker.heartbeat.interval.ms", "500");
      settings.put("broker.session.timeout.ms", "4000");
    }
  }
}
