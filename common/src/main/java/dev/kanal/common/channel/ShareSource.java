package dev.kanal.common.channel;

import dev.kanal.common.binary.UnreadableException;
import dev.kanal.common.channel.Delivery.Content;
import dev.kanal.common.clock.Ticker;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.Semaphore;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.Function;
import org.apache.kafka.clients.consumer.AcknowledgeType;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaShareConsumer;
import org.apache.kafka.clients.consumer.ShareConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicIdPartition;
import org.apache.kafka.common.errors.InterruptException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.WakeupException;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A source over a share group: any number of receivers take turns at the records, each record is
 * one receiver's until it is settled or its lock runs out. One batch at a time: every record of the
 * last {@link #receive} must be settled, in any order, before the next.
 *
 * <p>Records already fetched are locked to this source even while nobody receives: an owner that
 * stops receiving for more than a second closes it.
 */
public final class ShareSource<T> implements Source<T> {
  private static final Logger log = LoggerFactory.getLogger(ShareSource.class);
  private static final Duration RETRY_PAUSE = Duration.ofMillis(500);
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(3);
  private static final long LOG_EVERY_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final ShareConsumer<byte[], byte[]> consumer;
  private final Function<ConsumerRecord<byte[], byte[]>, T> decoder;
  private final Ticker ticker;
  private final Set<Delivery<T>> unsettled = Collections.newSetFromMap(new IdentityHashMap<>());
  private final LongAdder acknowledgementFailures = new LongAdder();
  private final Semaphore wakeUps = new Semaphore(0);

  /** Owner thread. */
  private boolean closed;

  /** Owner thread, in which Kafka calls back. */
  private long quietUntilNanos;

  /** Owner thread. */
  private long unloggedFailures;

  /**
   * Where to receive from.
   *
   * @param kafka settings of the client: bootstrap servers, security
   * @param maxRecords the largest batch; never more records are locked to this source
   */
  public record Options(
      Map<String, Object> kafka, String group, List<String> topics, int maxRecords) {
    public Options {
      kafka = Map.copyOf(kafka);
      topics = List.copyOf(topics);
      if (maxRecords < 1) {
        throw new IllegalArgumentException(
            "Expected maxRecords of 1 or more, but got " + maxRecords);
      }
    }
  }

  /**
   * Joins the share group. The group's own settings, such as where a new group begins, are not this
   * class's business.
   *
   * @param decoder an exception makes the record unreadable
   * @param ticker spaces out warnings
   */
  public ShareSource(
      Options options, Function<ConsumerRecord<byte[], byte[]>, T> decoder, Ticker ticker) {
    this.decoder = decoder;
    this.ticker = ticker;
    this.quietUntilNanos = ticker.nanos();
    Map<String, Object> settings = new HashMap<>(options.kafka());
    settings.put(ConsumerConfig.GROUP_ID_CONFIG, options.group());
    settings.put(ConsumerConfig.SHARE_ACKNOWLEDGEMENT_MODE_CONFIG, "explicit");
    settings.put(ConsumerConfig.SHARE_ACQUIRE_MODE_CONFIG, "record_limit");
    settings.put(ConsumerConfig.MAX_POLL_RECORDS_CONFIG, options.maxRecords());
    this.consumer =
        new KafkaShareConsumer<>(
            settings, new ByteArrayDeserializer(), new ByteArrayDeserializer());
    consumer.setAcknowledgementCommitCallback(this::noteAcknowledgement);
    consumer.subscribe(options.topics());
  }

  @Override
  public Received<T> receive(Duration patience) {
    if (closed) {
      return new Received.Closed<>(null);
    }
    if (!unsettled.isEmpty()) {
      throw new IllegalStateException(
          "Expected every delivery to be settled, but "
              + unsettled.size()
              + " are not, such as "
              + place(unsettled.iterator().next()));
    }
    try {
      return batch(consumer.poll(patience));
    } catch (WakeupException e) {
      return new Received.Batch<>(List.of());
    } catch (InterruptException e) {
      return new Received.Closed<>(e);
    } catch (RetriableException e) {
      log.debug("Receiving failed and will be tried again", e);
      pause();
      return new Received.Batch<>(List.of());
    } catch (KafkaException | IllegalStateException e) {
      return new Received.Closed<>(e);
    }
  }

  /**
   * @throws IllegalStateException if the delivery is not one of the last batch, or already settled
   */
  @Override
  public void settle(Delivery<T> delivery, Settlement settlement) {
    if (!unsettled.remove(delivery)) {
      throw new IllegalStateException(
          "Expected an unsettled delivery, but got that of " + place(delivery));
    }
    consumer.acknowledge(
        delivery.record(),
        switch (settlement) {
          case ACCEPT -> AcknowledgeType.ACCEPT;
          case RELEASE -> AcknowledgeType.RELEASE;
          case REJECT -> AcknowledgeType.REJECT;
        });
  }

  /** How many deliveries of the last batch are still to be settled. */
  public int unsettled() {
    return unsettled.size();
  }

  /** How many settlements Kafka did not take; their records are delivered again. */
  public long failedSettlements() {
    return acknowledgementFailures.sum();
  }

  @Override
  public void wakeUp() {
    wakeUps.release();
    consumer.wakeup();
  }

  @Override
  public void close() {
    if (closed) {
      return;
    }
    closed = true;
    try {
      unsettled.forEach(
          delivery -> consumer.acknowledge(delivery.record(), AcknowledgeType.RELEASE));
      unsettled.clear();
    } finally {
      consumer.close(CLOSE_TIMEOUT);
    }
  }

  private Received<T> batch(Iterable<ConsumerRecord<byte[], byte[]>> records) {
    List<Delivery<T>> deliveries = new ArrayList<>();
    for (ConsumerRecord<byte[], byte[]> record : records) {
      Delivery<T> delivery =
          new Delivery<>(
              decode(record),
              record,
              record.deliveryCount().orElse((short) 1),
              Instant.ofEpochMilli(record.timestamp()));
      unsettled.add(delivery);
      deliveries.add(delivery);
    }
    return new Received.Batch<>(deliveries);
  }

  private Content<T> decode(ConsumerRecord<byte[], byte[]> record) {
    try {
      return new Content.Value<>(decoder.apply(record));
    } catch (UnreadableException e) {
      return new Content.Unreadable<>(e);
    } catch (RuntimeException e) {
      return new Content.Unreadable<>(
          new UnreadableException("Expected a readable record, but: " + e, e));
    }
  }

  private void noteAcknowledgement(
      Map<TopicIdPartition, Set<Long>> offsets, @Nullable Exception failure) {
    if (failure == null) {
      return;
    }
    int count = offsets.values().stream().mapToInt(Set::size).sum();
    acknowledgementFailures.add(count);
    unloggedFailures += count;
    long now = ticker.nanos();
    if (now - quietUntilNanos >= 0) {
      log.warn(
          "{} settlements were not taken and their records will come again: {}",
          unloggedFailures,
          failure.toString());
      unloggedFailures = 0;
      quietUntilNanos = now + LOG_EVERY_NANOS;
    }
  }

  private void pause() {
    try {
      var _ = wakeUps.tryAcquire(RETRY_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
      wakeUps.drainPermits();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private static String place(Delivery<?> delivery) {
    ConsumerRecord<?, ?> record = delivery.record();
    return record.topic() + "-" + record.partition() + " at " + record.offset();
  }
}
