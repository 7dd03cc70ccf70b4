package dev.kanal.common.config;

import java.util.List;
import java.util.regex.Pattern;

/**
 * Where Kafka is, and what Kanal's things are called there.
 *
 * @param bootstrap {@code host:port}, several with commas; empty means the built-in broker, where
 *     there is one
 * @param prefix of topics, groups and transactional ids
 * @param replication of new topics; 0 means the cluster's default
 */
public record KafkaConfig(String bootstrap, String prefix, int replication) {
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

  static final List<Setting<?>> SETTINGS = List.of(BOOTSTRAP, PREFIX, REPLICATION);

  public KafkaConfig {
    BOOTSTRAP.check(bootstrap);
    PREFIX.check(prefix);
    REPLICATION.check(replication);
  }

  public static KafkaConfig from(Settings settings) {
    return new KafkaConfig(
        settings.get(BOOTSTRAP), settings.get(PREFIX), settings.get(REPLICATION));
  }
}
