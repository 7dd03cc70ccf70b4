package dev.kanal.embedded;

import static java.util.Objects.requireNonNull;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.IntStream;

/**
 * What an embedded Kafka is made of.
 *
 * @param dataDirectory belongs to this Kafka alone; made when missing
 * @param ports one per node, on 127.0.0.1; 0 picks a free one, which restarts of the node keep
 * @param startTimeout the start fails when not all nodes serve by then
 * @param stopTimeout how long {@link EmbeddedKafka#close} waits for the nodes
 * @param minFreeBytes a start with less space than this is refused
 * @param users who may connect, each with a password, by SASL/PLAIN; {@link #ADMIN} may do
 *     everything, the others what ACLs allow. Empty: anybody may connect and do everything
 * @param kafkasShareGroups whether share groups have Kafka's own defaults, as on brokers that were
 *     not set up for Kanal, in place of this module's
 * @param brokerSettings added to, and winning over, the settings of this module
 */
public record EmbeddedKafkaConfig(
    Path dataDirectory,
    List<Integer> ports,
    Duration startTimeout,
    Duration stopTimeout,
    long minFreeBytes,
    Map<String, String> users,
    boolean kafkasShareGroups,
    Map<String, String> brokerSettings) {

  /** The user who may do everything, where there are users. */
  public static final String ADMIN = "admin";

  /** More nodes in one JVM would prove no more than three do. */
  public static final int MAX_NODES = 5;

  private static final int MAX_PORT = 65_535;
  private static final Duration DEFAULT_START_TIMEOUT = Duration.ofSeconds(60);
  private static final Duration DEFAULT_STOP_TIMEOUT = Duration.ofSeconds(15);
  private static final long DEFAULT_MIN_FREE_BYTES = 64L << 20;

  public EmbeddedKafkaConfig {
    dataDirectory = dataDirectory.toAbsolutePath().normalize();
    ports = List.copyOf(ports);
    users = Map.copyOf(users);
    brokerSettings = Map.copyOf(brokerSettings);
    if (!users.isEmpty() && !users.containsKey(ADMIN)) {
      throw new IllegalArgumentException(
          "Expected the user %s among the users, but got %s".formatted(ADMIN, users.keySet()));
    }
    if (users.toString().contains("\"")) {
      throw new IllegalArgumentException("Expected users and passwords without quotation marks");
    }
    requirePositive(startTimeout, "startTimeout");
    requirePositive(stopTimeout, "stopTimeout");
    if (ports.isEmpty() || ports.size() > MAX_NODES) {
      throw new IllegalArgumentException(
          "Expected 1 to %d ports, one per node, but got %d".formatted(MAX_NODES, ports.size()));
    }
    for (int port : ports) {
      if (port < 0 || port > MAX_PORT) {
        throw new IllegalArgumentException(
            "Expected a port from 0 to %d, but got %d".formatted(MAX_PORT, port));
      }
    }
    if (ports.stream().filter(port -> port != 0).distinct().count()
        != ports.stream().filter(port -> port != 0).count()) {
      throw new IllegalArgumentException("Expected distinct ports, but got " + ports);
    }
    if (minFreeBytes < 0) {
      throw new IllegalArgumentException("Expected minFreeBytes >= 0, but got " + minFreeBytes);
    }
  }

  /** One node that listens on {@code port}. */
  public static EmbeddedKafkaConfig single(Path dataDirectory, int port) {
    return of(dataDirectory, List.of(port));
  }

  /** {@code nodes} nodes on free ports. */
  public static EmbeddedKafkaConfig cluster(Path dataDirectory, int nodes) {
    return of(dataDirectory, IntStream.range(0, nodes).mapToObj(node -> 0).toList());
  }

  private static EmbeddedKafkaConfig of(Path dataDirectory, List<Integer> ports) {
    return new EmbeddedKafkaConfig(
        dataDirectory,
        ports,
        DEFAULT_START_TIMEOUT,
        DEFAULT_STOP_TIMEOUT,
        DEFAULT_MIN_FREE_BYTES,
        Map.of(),
        false,
        Map.of());
  }

  public int nodes() {
    return ports.size();
  }

  public EmbeddedKafkaConfig withMinFreeBytes(long bytes) {
    return new EmbeddedKafkaConfig(
        dataDirectory,
        ports,
        startTimeout,
        stopTimeout,
        bytes,
        users,
        kafkasShareGroups,
        brokerSettings);
  }

  /** The same for users with passwords, {@link #ADMIN} among them. */
  public EmbeddedKafkaConfig withUsers(Map<String, String> passwords) {
    return new EmbeddedKafkaConfig(
        dataDirectory,
        ports,
        startTimeout,
        stopTimeout,
        minFreeBytes,
        passwords,
        kafkasShareGroups,
        brokerSettings);
  }

  /** The same with share groups as Kafka has them by default. */
  public EmbeddedKafkaConfig withKafkasShareGroups() {
    return new EmbeddedKafkaConfig(
        dataDirectory, ports, startTimeout, stopTimeout, minFreeBytes, users, true, brokerSettings);
  }

  /** The same with one broker setting added or replaced. */
  public EmbeddedKafkaConfig withBrokerSetting(String key, String value) {
    var settings = new TreeMap<>(brokerSettings);
    settings.put(requireNonNull(key, "key"), requireNonNull(value, "value"));
    return new EmbeddedKafkaConfig(
        dataDirectory,
        ports,
        startTimeout,
        stopTimeout,
        minFreeBytes,
        users,
        kafkasShareGroups,
        settings);
  }

  private static void requirePositive(Duration duration, String name) {
    if (duration.isZero() || duration.isNegative()) {
      throw new IllegalArgumentException("Expected %s > 0, but got %s".formatted(name, duration));
    }
  }
}
