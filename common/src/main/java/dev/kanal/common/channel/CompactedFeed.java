package dev.kanal.common.channel;

import java.time.Duration;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.locks.LockSupport;
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
 * Reads a compacted topic of one partition, from the beginning and without end, on a thread of its
 * own. The topic may not exist yet. After an error it reads again from the beginning: listeners
 * must accept the same record twice.
 */
public final class CompactedFeed implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(CompactedFeed.class);
  private static final Duration POLL = Duration.ofSeconds(1);
  private static final Duration PAUSE = Duration.ofMillis(500);
  private static final Duration PATIENCE = Duration.ofSeconds(10);
  private static final Duration CLOSE_PATIENCE = Duration.ofSeconds(5);

  private final Map<String, Object> client;
  private final TopicPartition partition;
  private final Reader reader;
  private final Thread thread;

  private volatile boolean closed;
  private volatile boolean found;
  private volatile @Nullable KafkaConsumer<byte[], byte[]> open;

  /** Receives the records, on the reading thread; must not block. */
  public interface Reader {
    /**
     * Takes a record.
     *
     * @param news whether it was written after the reading had begun
     */
    void take(ConsumerRecord<byte[], byte[]> record, boolean news);

    /** Everything that existed when reading began has been read; may be called again. */
    void reachedEnd();
  }

  /**
   * @param client settings of the consumer, brokers among them
   * @param threadName of the reading thread
   */
  public CompactedFeed(Map<String, Object> client, String topic, String threadName, Reader reader) {
    this.client = new HashMap<>(client);
    this.client.put(ConsumerConfig.AUTO_OFFSET_RESET_CONFIG, "earliest");
    this.client.put(ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG, false);
    this.client.put(ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG, false);
    this.client.remove(ConsumerConfig.GROUP_ID_CONFIG);
    this.partition = new TopicPartition(topic, 0);
    this.reader = reader;
    this.thread = Thread.ofPlatform().name(threadName).daemon().unstarted(this::run);
  }

  public void start() {
    thread.start();
  }

  /** Whether the topic has been seen to exist. */
  public boolean found() {
    return found;
  }

  /** Stops reading; waits some seconds for the thread to end. */
  @Override
  public void close() {
    closed = true;
    KafkaConsumer<byte[], byte[]> consumer = open;
    if (consumer != null) {
      consumer.wakeup();
    }
    LockSupport.unpark(thread);
    try {
      var _ = thread.join(CLOSE_PATIENCE);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    while (!closed) {
      try (var consumer =
          new KafkaConsumer<>(client, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
        open = consumer;
        if (isThere(consumer)) {
          follow(consumer);
        }
      } catch (WakeupException e) {
        log.debug("No longer read: {}", partition);
      } catch (KafkaException e) {
        log.warn("Expected to read {}, but: {}; trying again", partition, e.getMessage());
        LockSupport.parkNanos(PAUSE.toNanos());
      }
    }
  }

  private boolean isThere(KafkaConsumer<byte[], byte[]> consumer) {
    while (!closed) {
      if (!consumer.partitionsFor(partition.topic(), PATIENCE).isEmpty()) {
        found = true;
        return true;
      }
      LockSupport.parkNanos(PAUSE.toNanos());
    }
    return false;
  }

  private void follow(KafkaConsumer<byte[], byte[]> consumer) {
    consumer.assign(List.of(partition));
    consumer.seekToBeginning(List.of(partition));
    long end = consumer.endOffsets(List.of(partition)).getOrDefault(partition, 0L);
    while (!closed) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
        reader.take(record, record.offset() >= end);
      }
      if (consumer.position(partition) >= end) {
        reader.reachedEnd();
      }
    }
  }
}
