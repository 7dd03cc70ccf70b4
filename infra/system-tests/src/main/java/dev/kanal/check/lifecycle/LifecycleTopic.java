package dev.kanal.check.lifecycle;

import dev.kanal.check.server.CheckStopped;
import dev.kanal.check.server.KafkaAddress;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.function.LongSupplier;
import java.util.function.Supplier;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerConfig;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.clients.consumer.KafkaConsumer;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.serialization.ByteArrayDeserializer;

/** The topic {@code <prefix>.lifecycle}, read by a plain consumer without a group. */
public final class LifecycleTopic {
  private static final Duration CALL = Duration.ofSeconds(20);
  private static final Duration POLL = Duration.ofMillis(200);

  /** Events are visible only once the engine has committed; stragglers come after the last job. */
  private static final Duration SETTLING = Duration.ofMillis(1_500);

  /** Longer than a transaction that a killed engine left open can hold readers up. */
  private static final Duration LONGEST_SILENCE = Duration.ofSeconds(75);

  private final String topic;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final LongSupplier nanos;

  LifecycleTopic(String topic, Supplier<Consumer<byte[], byte[]>> consumers, LongSupplier nanos) {
    this.topic = topic;
    this.consumers = consumers;
    this.nanos = nanos;
  }

  public static LifecycleTopic at(KafkaAddress address) {
    return new LifecycleTopic(
        address.prefix() + ".lifecycle", () -> consumer(address.bootstrap()), System::nanoTime);
  }

  /**
   * Where the topic ends now, by partition.
   *
   * @throws CheckStopped if Kafka does not answer or has no such topic
   */
  public Map<TopicPartition, Long> end() {
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      List<TopicPartition> partitions =
          consumer.partitionsFor(topic, CALL).stream()
              .map(info -> new TopicPartition(info.topic(), info.partition()))
              .toList();
      if (partitions.isEmpty()) {
        throw new CheckStopped(
            "Expected a topic %s, but there is none. Is --prefix right?".formatted(topic));
      }
      // Without this the consumer warns about offsets of partitions that it does not read.
      consumer.assign(partitions);
      return Map.copyOf(consumer.endOffsets(partitions, CALL));
    } catch (KafkaException e) {
      throw unreadable(e);
    }
  }

  /**
   * Reads on from {@code start} until every job of the tally is final and the events that follow
   * have settled, or no further job has become final for long.
   *
   * @throws CheckStopped if the records cannot be read
   */
  public void read(Map<TopicPartition, Long> start, LifecycleTally tally) {
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      consumer.assign(start.keySet());
      start.forEach(consumer::seek);
      readUntilQuiet(consumer, tally);
      Map<TopicPartition, Long> end = consumer.endOffsets(start.keySet(), CALL);
      long until = nanos.getAsLong() + CALL.toNanos();
      while (!isAt(consumer, end) && nanos.getAsLong() < until) {
        poll(consumer, tally);
      }
    } catch (KafkaException e) {
      throw unreadable(e);
    }
  }

  private void readUntilQuiet(Consumer<byte[], byte[]> consumer, LifecycleTally tally) {
    long progressAt = nanos.getAsLong();
    int finished = tally.finished();
    while (true) {
      poll(consumer, tally);
      long now = nanos.getAsLong();
      if (tally.finished() > finished) {
        finished = tally.finished();
        progressAt = now;
      }
      Duration allowed = tally.complete() ? SETTLING : LONGEST_SILENCE;
      if (now - progressAt >= allowed.toNanos()) {
        return;
      }
    }
  }

  private static void poll(Consumer<byte[], byte[]> consumer, LifecycleTally tally) {
    for (ConsumerRecord<byte[], byte[]> record : consumer.poll(POLL)) {
      byte[] key = record.key();
      byte[] value = record.value();
      tally.add(
          key == null ? "" : new String(key, StandardCharsets.UTF_8),
          value == null ? new byte[0] : value);
    }
  }

  private static boolean isAt(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> end) {
    return end.entrySet().stream().allMatch(e -> consumer.position(e.getKey()) >= e.getValue());
  }

  private CheckStopped unreadable(KafkaException e) {
    return new CheckStopped(
        "Expected to read %s, but: %s. Does --bootstrap name the system's Kafka?"
            .formatted(topic, e.getMessage()));
  }

  private static Consumer<byte[], byte[]> consumer(String bootstrap) {
    return new KafkaConsumer<>(
        Map.of(
            ConsumerConfig.BOOTSTRAP_SERVERS_CONFIG,
            bootstrap,
            ConsumerConfig.ISOLATION_LEVEL_CONFIG,
            "read_committed",
            ConsumerConfig.AUTO_OFFSET_RESET_CONFIG,
            "none",
            ConsumerConfig.ENABLE_AUTO_COMMIT_CONFIG,
            false,
            ConsumerConfig.ALLOW_AUTO_CREATE_TOPICS_CONFIG,
            false,
            ConsumerConfig.DEFAULT_API_TIMEOUT_MS_CONFIG,
            (int) CALL.toMillis()),
        new ByteArrayDeserializer(),
        new ByteArrayDeserializer());
  }
}
