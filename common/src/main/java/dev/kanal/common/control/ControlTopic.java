package dev.kanal.common.control;

import dev.kanal.common.channel.KafkaSink;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.channel.Topics;
import java.util.HashMap;
import java.util.Map;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.serialization.ByteArraySerializer;

/** The sending end of {@code kanal.control}. */
public final class ControlTopic {
  private ControlTopic() {}

  /**
   * A sink to all workers.
   *
   * @param client settings of the client; those that safety needs are set here
   */
  public static Sink<ControlMessage> open(Map<String, Object> client, Topics topics) {
    Map<String, Object> config = new HashMap<>(client);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    String topic = topics.control();
    return new KafkaSink<>(
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer()),
        message -> new ProducerRecord<>(topic, 0, null, ControlCodec.encode(message)));
  }
}
