package dev.kanal.common.queue;

import dev.kanal.common.binary.UnreadableException;
import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Reads the topic of queues, all of it and for ever, on a thread of its own. What Kafka refuses is
 * asked for again, from the beginning: what is known already does no harm.
 */
public final class QueueFeed implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(QueueFeed.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

  private final Map<String, Object> client;
  private final TopicPartition partition;
  private final KnownQueues known;
  private final Consumer<QueueRecord> onNews;
  private final Thread reader =
      Thread.ofPlatform().name("kanal-queue-feed").daemon().unstarted(this::run);

  private volatile boolean closed;
  private volatile @Nullable KafkaConsumer<byte[], byte[]> open;

  /**
   * @param client settings of the consumer, brokers among them
   * @param topic of the queues
   * @param onNews called by the reading thread for each change; must not block
   */
  public QueueFeed(
      Map<String, Object> client, String topic, KnownQueues known, Consumer<QueueRecord> onNews) {
    this.client = new HashMap<>(client);
    this.client.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    this.client.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    this.client.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    this.client.remove(ConsumerConfig.GROUP_ID_CONFIG);
    this.partition = new TopicPartition(topic, 0);
    this.known = known;
    this.onNews = onNews;
  }

  public void start() {
    reader.start();
  }

  /** Stops to read; waits some seconds for it. */
  @Override
  public void close() {
    closed = true;
    KafkaConsumer<byte[], byte[]> consumer = open;
    if (consumer != null) {
      consumer.wakeup();
    }
    LockSupport.unpark(reader);
    try {
      var _ = reader.join(CLOSE_PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed) {
      try (var consumer =
          new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        open = consumer;
        follow(consumer);
      } catch (WakeupException e) {
        log.debug("No longer read: {}", partition);
      } catch (KafkaException e) {
        log.warn("Expected to read {}, but: {}; trying again", partition, e.getMessage());
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private void follow(KafkaConsumer<byte[], byte[]> consumer) {
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    while (!closed) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        take(record);
      }
      if (consumer.position(partition) >= end) {
        known.reachedEnd();
      }
    }
  }

  private void take(ConsumerRecord<byte[], byte[]> record) {
    try {
      QueueRecord said = QueueRecords.decode(record);
      if (known.take(said)) {
        onNews.accept(said);
      }
    } catch (UnreadableException e) {
      log.warn(
          "Expected the settings of a queue at {}@{}, but: {}",
          partition,
          record.offset(),
          e.getMessage());
    }
  }
}
