package dev.kanal.bench.worker;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.producer.KafkaProducer;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** Handles a batch, waits until Kafka has its outcomes, and acknowledges it. */
final class ShareThread implements Runnable {
  private static final Duration PATIENCE = Duration.ofMillis(100);

  private final Site site;
  private final Handling handling;
  private final KafkaProducer<byte[], byte[]> producer;
  private final Thread thread = Thread.ofPlatform().name("share").daemon().unstarted(this);
  private volatile boolean idle;
  private volatile boolean closed;

  private ShareThread(Site site, Handling handling, KafkaProducer<byte[], byte[]> producer) {
    this.site = site;
    this.handling = handling;
    this.producer = producer;
  }

  static ShareThread start(Site site, Handling handling, KafkaProducer<byte[], byte[]> producer) {
    ShareThread started = new ShareThread(site, handling, producer);
    started.thread.start();
    return started;
  }

  /** Whether all that it got is acknowledged. */
  boolean isIdle() {
    return idle;
  }

  void close() {
    closed = true;
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  @Override
  public void run() {
    Map<String, Object> settings =
        Map.of(
            "bootstrap.servers",
            site.bootstrap(),
            "group.id",
            site.group(),
            "share.acknowledgement.mode",
            "explicit",
            "max.poll.records",
            TopicOfTasks.SLOTS / ShareCrew.CONSUMERS);
    try (var consumer =
        new KafkaShareConsumer<>(
            settings, new ByteArrayDeserializer(), new ByteArrayDeserializer())) {
      consumer.subscribe(List.of(site.tasks()));
      while (!closed) {
        work(consumer);
      }
    }
  }

  private void work(KafkaShareConsumer<byte[], byte[]> consumer) {
    List<ConsumerRecord<byte[], byte[]>> batch = new ArrayList<>();
    List<CompletableFuture<Void>> taken = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(PATIENCE)) {
      idle = false;
      batch.add(record);
      taken.add(outcomeOf(record));
    }
    CompletableFuture.allOf(taken.toArray(CompletableFuture[]::new)).join();
    batch.forEach(record -> consumer.acknowledge(record, AcknowledgeType.ACCEPT));
    if (!batch.isEmpty()) {
      consumer.commitAsync();
      idle = true;
    }
  }

  /** Completes when Kafka has the outcome. */
  private CompletableFuture<Void> outcomeOf(ConsumerRecord<byte[], byte[]> record) {
    CompletableFuture<Void> taken = new CompletableFuture<>();
    if (handling.sleeps()) {
      var _ = Thread.startVirtualThread(() -> handle(record, taken));
    } else {
      handle(record, taken);
    }
    return taken;
  }

  private void handle(ConsumerRecord<byte[], byte[]> record, CompletableFuture<Void> taken) {
    try {
      handling.handle();
      var _ =
          producer.send(
              Plain.outcome(site, record.key()),
              (_, e) -> {
                if (e == null) {
                  taken.complete(null);
                } else {
                  taken.completeExceptionally(e);
                }
              });
    } catch (RuntimeException e) {
      taken.completeExceptionally(e);
    }
  }
}
