package dev.kanal.common.log;

import dev.kanal.common.channel.KafkaSink;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.channel.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The sending end of {@code kanal.log}. */
public final class ShardLog {
  private static final int REQUEST_MAX_BYTES = 4 << 20;

  private ShardLog() {}

  /**
   * A sink whose producer waits for every in-sync replica and keeps the order of what it is sent.
   *
   * @param client settings of the client; those that the log's order and safety need are overridden
   *     here
   */
  public static Sink<ToShard> open(Map<String, Object> client, Topics topics) {
    Map<String, Object> config = new HashMap<>(client);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.put(ProducerConfig.MAX_REQUEST_SIZE_CONFIG, REQUEST_MAX_BYTES);
    String topic = topics.log();
    return new KafkaSink<>(
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()),
        value -> record(topic, value));
  }

  private static ProducerRecord<byte[], byte[]> record(String topic, ToShard value) {
    return new ProducerRecord<>(topic, value.shard(), null, LogCodec.encode(value.entry()));
  }
}
