package dev.kanal.scheduler.queues;

import dev.kanal.common.channel.HandoffSink;
import dev.kanal.common.channel.KafkaReach;
import dev.kanal.common.channel.KafkaSink;
import dev.kanal.common.channel.SendLimits;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.queue.QueueRecord;
import dev.kanal.common.queue.QueueRecords;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.upkeep.Resend;
import dev.kanal.scheduler.engine.out.EngineOutputs.SettingsPublisher;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.clients.producer.ProducerConfig;
import org.apache.kafka.common.serialization.ByteArraySerializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Tells everybody how a queue is set, in the topic of queues. What Kafka does not take is sent
 * again, for as long as nothing newer was said of the queue. Usable from any thread; never blocks.
 */
public final class QueuePublisher implements SettingsPublisher, AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(QueuePublisher.class);
  private static final int CAPACITY = 10_000;
  private static final Duration AGAIN = Duration.ofMillis(250);

  private final Sink<QueueRecord> topic;
  private final Map<String, QueueRecord> unsent = new ConcurrentHashMap<>();
  private final Resend again = new Resend(AGAIN);

  QueuePublisher(Sink<QueueRecord> topic) {
    this.topic = topic;
  }

  /**
   * @param client settings of the producer, brokers among them
   * @param reach says when it is of no use to send
   */
  public static QueuePublisher open(Map<String, Object> client, Topics topics, KafkaReach reach) {
    Map<String, Object> config = new HashMap<>(client);
    config.put(ProducerConfig.ACKS_CONFIG, "all");
    config.put(ProducerConfig.ENABLE_IDEMPOTENCE_CONFIG, true);
    config.putAll(SendLimits.CLIENT);
    var producer =
        new KafkaProducer<>(config, new ByteArraySerializer(), new ByteArraySerializer());
    String name = topics.queues();
    Sink<QueueRecord> sink = new KafkaSink<>(producer, said -> QueueRecords.encode(name, said));
    return new QueuePublisher(new HandoffSink<>("kanal-queue-settings", sink, CAPACITY, reach));
  }

  @Override
  public void publish(String queue, @Nullable QueueSettings settings, long revision) {
    QueueRecord said = new QueueRecord(queue, settings, revision);
    QueueRecord newest =
        unsent.merge(
            said.queue(), said, (one, other) -> one.revision() > other.revision() ? one : other);
    if (newest.equals(said)) {
      send(said);
    }
  }

  @Override
  public void close() {
    again.close();
    topic.close();
  }

  private void send(QueueRecord said) {
    var _ =
        topic
            .send(said)
            .whenComplete(
                (_, failure) -> {
                  if (failure == null) {
                    unsent.remove(said.queue(), said);
                  } else {
                    log.debug("Queue {} is not published: {}", said.queue(), failure.getMessage());
                    again.later(() -> sendAgain(said));
                  }
                });
  }

  private void sendAgain(QueueRecord said) {
    if (said.equals(unsent.get(said.queue()))) {
      send(said);
    }
  }
}
