package dev.kanal.scheduler.queues;

import dev.kanal.common.channel.Topics;
import java.util.Map;
import java.util.Optional;
import org.apache.kafka.clients.admin.NewTopic;
import org.apache.kafka.common.config.TopicConfig;

/** Which topics there are, and how each is set up. */
final class TopicSettings {
  private static final String FOREVER = "-1";
  private static final String A_WEEK_MS = "604800000";
  private static final String A_MONTH_MS = "2592000000";
  private static final String RECORD_MAX_BYTES = Integer.toString(2 << 20);

  private TopicSettings() {}

  /** The engine's input: nothing of it may go by itself, and its time is the brokers'. */
  static NewTopic log(Topics topics, int shards, Optional<Short> replication) {
    return topic(
        topics.log(),
        shards,
        replication,
        Map.of(
            TopicConfig.RETENTION_MS_CONFIG, FOREVER,
            TopicConfig.RETENTION_BYTES_CONFIG, FOREVER,
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime",
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG, RECORD_MAX_BYTES));
  }

  static NewTopic tasks(String name, int partitions, Optional<Short> replication) {
    return topic(
        name,
        partitions,
        replication,
        Map.of(
            TopicConfig.RETENTION_MS_CONFIG, FOREVER,
            TopicConfig.RETENTION_BYTES_CONFIG, FOREVER,
            TopicConfig.MESSAGE_TIMESTAMP_TYPE_CONFIG, "LogAppendTime",
            TopicConfig.MAX_MESSAGE_BYTES_CONFIG, RECORD_MAX_BYTES));
  }

  static NewTopic control(Topics topics, Optional<Short> replication) {
    return topic(topics.control(), 1, replication, retention("3600000"));
  }

  /**
   * A record a queue: small segments and eager cleaning keep what is read at a start short. A
   * reader that was away for less than a month still sees that a queue was deleted.
   */
  static NewTopic queues(Topics topics, Optional<Short> replication) {
    return topic(
        topics.queues(),
        1,
        replication,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT,
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
            "0.1",
            TopicConfig.SEGMENT_BYTES_CONFIG,
            Integer.toString(1 << 20),
            TopicConfig.SEGMENT_MS_CONFIG,
            "3600000",
            TopicConfig.DELETE_RETENTION_MS_CONFIG,
            A_MONTH_MS));
  }

  /**
   * A record a worker, said again every few seconds. One of a worker that was killed has no
   * tombstone: it goes by its age.
   */
  static NewTopic workers(Topics topics, Optional<Short> replication) {
    return topic(
        topics.workers(),
        1,
        replication,
        Map.of(
            TopicConfig.CLEANUP_POLICY_CONFIG,
            TopicConfig.CLEANUP_POLICY_COMPACT + "," + TopicConfig.CLEANUP_POLICY_DELETE,
            TopicConfig.MIN_CLEANABLE_DIRTY_RATIO_CONFIG,
            "0.1",
            TopicConfig.SEGMENT_BYTES_CONFIG,
            Integer.toString(1 << 20),
            TopicConfig.SEGMENT_MS_CONFIG,
            "600000",
            TopicConfig.RETENTION_MS_CONFIG,
            "3600000",
            TopicConfig.DELETE_RETENTION_MS_CONFIG,
            "600000"));
  }

  static NewTopic lifecycle(Topics topics, int shards, Optional<Short> replication) {
    return topic(topics.lifecycle(), shards, replication, retention(A_WEEK_MS));
  }

  static NewTopic quarantine(Topics topics, Optional<Short> replication) {
    return topic(topics.quarantine(), 1, replication, retention(A_MONTH_MS));
  }

  private static Map<String, String> retention(String ms) {
    return Map.of(
        TopicConfig.RETENTION_MS_CONFIG, ms,
        TopicConfig.MAX_MESSAGE_BYTES_CONFIG, RECORD_MAX_BYTES);
  }

  private static NewTopic topic(
      String name, int partitions, Optional<Short> replication, Map<String, String> settings) {
    return new NewTopic(name, Optional.of(partitions), replication).configs(settings);
  }
}
