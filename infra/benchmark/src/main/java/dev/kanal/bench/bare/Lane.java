package dev.kanal.bench.bare;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.ConsumerRecords;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/**
 * A share consumer on a thread of its own, that answers each task with an event and accepts a batch
 * of tasks once Kafka has all of its events.
 */
final class Lane implements AutoCloseable {
  private static final Duration PATIENCE = Duration.ofMillis(100);
  private static final int BATCH = 500;

  private final ShareConsumer<byte[], byte[]> consumer;
  private final Producer<byte[], byte[]> events;
  private final Consumer<byte[]> handler;
  private final Consumer<Throwable> failed;
  private final Thread thread;
  private volatile boolean closed;

  private Lane(
      ShareConsumer<byte[], byte[]> consumer,
      Producer<byte[], byte[]> events,
      Consumer<byte[]> handler,
      Consumer<Throwable> failed) {
    this.consumer = consumer;
    this.events = events;
    this.handler = handler;
    this.failed = failed;
    this.thread = Thread.ofPlatform().name("lane").daemon().unstarted(this::run);
  }

  static Lane start(
      String bootstrap,
      Producer<byte[], byte[]> events,
      Consumer<byte[]> handler,
      Consumer<Throwable> failed) {
    Map<String, Object> settings =
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrap,
            ConsumerConfig.GROUP_ID_CONFIG,
            BarePrototype.GROUP,
            ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG,
            "explicit",
            ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG,
            "record_limit",
            ConsumerConfig.MAX_POLL_RECORDS_CONFIG,
            BATCH);
    Lane lane =
        new Lane(
            new KafkaShareConsumer<>(
                settings, new ByteArrayDeserializer(), new ByteArrayDeserializer()),
            events,
            handler,
            failed);
    lane.thread.start();
    return lane;
  }

  /** Waits for the thread's end. */
  @Override
  public void close() {
    closed = true;
    consumer.wakeup();
    try {
      thread.join(Duration.ofSeconds(10));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void run() {
    try (consumer) {
      consumer.subscribe(List.of(BarePrototype.TASKS));
      while (!closed) {
        answer(consumer.poll(PATIENCE));
      }
    } catch (WakeupException e) {
      // Only close wakes it up.
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | RuntimeException e) {
      failed.accept(e);
    }
  }

  private void answer(ConsumerRecords<byte[], byte[]> batch)
      throws ExecutionException, InterruptedException {
    List<Future<?>> sent = new ArrayList<>(batch.count());
    for (ConsumerRecord<byte[], byte[]> task : batch) {
      handler.accept(task.value());
      sent.add(
          events.send(
              new ProducerRecord<>(
                  BarePrototype.LOG, task.key(), new byte[BareProcessor.EVENT_BYTES])));
    }
    for (Future<?> each : sent) {
      each.get();
    }
    for (ConsumerRecord<byte[], byte[]> task : batch) {
      consumer.acknowledge(task, AcknowledgeType.ACCEPT);
    }
  }
}
