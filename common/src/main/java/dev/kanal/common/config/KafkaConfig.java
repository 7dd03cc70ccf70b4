package dev.kanal.common.config;

import java.time.Duration;
import java.util.List;
import java.util.regex.Pattern;

/**
 * Where Kafka is, and how Kanal's topics, groups and ids are named there.
 *
 * @param bootstrap {@code host:port}, several with commas; empty means the built-in broker, where
 *     there is one
 * @param prefix of topics, groups and transactional ids
 * @param replication of new topics; 0 means the cluster's default
 * @param startTimeout how long a start waits for Kafka before it fails; zero: without end
 */
public record KafkaConfig(String bootstrap, String prefix, int replication, Duration startTimeout) {
  private static final String BROKER = "([^\\s,:\\[]+|\\[[0-9A-Fa-f:.]+]):\\d{1,5}";
  private static final Setting<String> BOOTSTRAP =
      Setting.text(
          "kafka.bootstrap",
          "",
          Pattern.compile("(" + BROKER + "(," + BROKER + ")*)?"),
          "brokers to begin with; empty: the built-in broker, where there is one");
  private static final Setting<String> PREFIX =
      Setting.text(
          "topics.prefix",
          "kanal",
          Pattern.compile("[a-z0-9]([a-z0-9-]{0,62}[a-z0-9])?"),
          "what the names of all topics, groups and transactional ids begin with");
  private static final Setting<Integer> REPLICATION =
      Setting.integer(
          "topics.replication",
          0,
          new Setting.Bounds<>(0, 9),
          "replicas of new topics; 0: the cluster's default");

  private static final Setting<Duration> START_TIMEOUT =
      Setting.duration(
          "kafka.start-timeout",
          "0s",
          new Setting.Bounds<>(Duration.ZERO, Duration.ofHours(24)),
          "how long a process that starts waits until Kafka is there and its shards are up to date,"
              + " before it exits with status 1; 0s: for ever");

  static final List<Setting<?>> SETTINGS = List.of(BOOTSTRAP, PREFIX, REPLICATION, START_TIMEOUT);

  public KafkaConfig {
    BOOTSTRAP.check(bootstrap);
    PREFIX.check(prefix);
    REPLICATION.check(replication);
    START_TIMEOUT.check(startTimeout);
  }

  /** One whose start waits without end. */
  public KafkaConfig(String bootstrap, String prefix, int replication) {
    this(bootstrap, prefix, replication, Duration.ZERO);
  }

  public static KafkaConfig from(Settings settings) {
    return new KafkaConfig(
        settings.get(BOOTSTRAP),
        settings.get(PREFIX),
        settings.get(REPLICATION),
        settings.get(START_TIMEOUT));
  }
}
