package dev.kanal.scheduler.engine.streams;

import dev.kanal.common.channel.Sink;
import dev.kanal.scheduler.engine.format.Announcement;
import dev.kanal.scheduler.engine.read.EngineSettings;
import dev.kanal.scheduler.engine.step.Step;
import java.time.Duration;
import java.util.Properties;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.config.TopicConfig;
import org.apache.kafka.streams.StreamsConfig;

/** How the engine runs Kafka Streams. */
final class StreamsProperties {
  private static final Duration SESSION = Duration.ofSeconds(6);
  private static final Duration TRANSACTION = Duration.ofSeconds(60);
  private static final int REQUEST_MAX_BYTES = 4 << 20;

  /**
   * Not the newer "streams" while members have static ids: clients of Kafka 4.3 refuse it with such
   * an id, and in 4.4 a node that was killed cannot come back under its own. A group of that kind
   * also takes 5 s to come up, a heartbeat, where this one takes well under a second.
   */
  private static final String PROTOCOL = "classic";

  /**
   * How often shards are moved to nodes whose copies have caught up; the least that there can be. A
   * node that comes back has none until then.
   */
  private static final Duration MOVE_EVERY = Duration.ofSeconds(60);

  /** How many shards may move at once to nodes that had no copy. */
  private static final int WARMUPS = 8;

  private StreamsProperties() {}

  static Properties of(EngineSettings settings) {
    Properties properties = new Properties();
    properties.putAll(settings.kafka());
    properties.put(StreamsConfig.APPLICATION_ID_CONFIG, settings.topics().engine());
    properties.put(StreamsConfig.BOOTSTRAP_SERVERS_CONFIG, settings.bootstrap());
    properties.put(StreamsConfig.APPLICATION_SERVER_CONFIG, settings.advertised());
    properties.put(StreamsConfig.PROCESSING_GUARANTEE_CONFIG, StreamsConfig.EXACTLY_ONCE_V2);
    properties.put(StreamsConfig.GROUP_PROTOCOL_CONFIG, PROTOCOL);
    properties.put(StreamsConfig.STATE_DIR_CONFIG, settings.dataDirectory().toString());
    properties.put(StreamsConfig.NUM_STREAM_THREADS_CONFIG, settings.threads());
    properties.put(StreamsConfig.NUM_STANDBY_REPLICAS_CONFIG, settings.standbys());
    properties.put(StreamsConfig.PROBING_REBALANCE_INTERVAL_MS_CONFIG, MOVE_EVERY.toMillis());
    properties.put(StreamsConfig.MAX_WARMUP_REPLICAS_CONFIG, WARMUPS);
    properties.put(StreamsConfig.COMMIT_INTERVAL_MS_CONFIG, settings.commitInterval().toMillis());
    properties.put(StreamsConfig.REPLICATION_FACTOR_CONFIG, -1);
    properties.put(StreamsConfig.ROCKSDB_CONFIG_SETTER_CLASS_CONFIG, SharedRocksMemory.class);
    clients(properties, settings);
    properties.putAll(settings.streams());
    return properties;
  }

  private static void clients(Properties properties, EngineSettings settings) {
    put(
        properties,
        ConsumerConfig.GROUP_INSTANCE_ID_CONFIG,
        Announcement.instance(settings.nodeId(), settings.formats().reads()));
    put(properties, ConsumerConfig.SESSION_TIMEOUT_MS_CONFIG, (int) SESSION.toMillis());
    put(properties, ConsumerConfig.HEARTBEAT_INTERVAL_MS_CONFIG, (int) SESSION.toMillis() / 4);
    put(properties, ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.TRANSACTION_TIMEOUT_CONFIG),
        (int) TRANSACTION.toMillis());
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.MAX_REQUEST_SIZE_CONFIG), REQUEST_MAX_BYTES);
    properties.put(StreamsConfig.producerPrefix(ProducerConfig.COMPRESSION_TYPE_CONFIG), "lz4");
    properties.put(
        StreamsConfig.producerPrefix(ProducerConfig.BATCH_SIZE_CONFIG), Sink.BATCH_BYTES);
    properties.put(
        StreamsConfig.topicPrefix(TopicConfig.MAX_MESSAGE_BYTES_CONFIG),
        Integer.toString(Step.ROW_MAX_BYTES + (1 << 16)));
    properties.put(StreamsConfig.topicPrefix(TopicConfig.MAX_COMPACTION_LAG_MS_CONFIG), "600000");
    properties.put(
        StreamsConfig.topicPrefix(TopicConfig.SEGMENT_BYTES_CONFIG), Integer.toString(64 << 20));
  }

  private static void put(Properties properties, String key, Object value) {
    properties.put(StreamsConfig.mainConsumerPrefix(key), value);
  }
}
