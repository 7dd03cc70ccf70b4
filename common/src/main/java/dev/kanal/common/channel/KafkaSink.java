package dev.kanal.common.channel;

import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.Metric;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.apache.kafka.common.errors.RetriableException;
import org.apache.kafka.common.errors.SerializationException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/**
 * A sink over a producer with {@code acks=all}. {@link #send} may block for the producer's {@code
 * max.block.ms}: threads that must not block use a {@link HandoffSink}.
 */
public final class KafkaSink<T> implements Sink<T> {
  private static final Duration CLOSE_TIMEOUT = Duration.ofSeconds(5);

  private final Producer<byte[], byte[]> producer;
  private final Function<T, ProducerRecord<byte[], byte[]>> encoder;

  /** Counts records when they are put into a request; null if the producer does not count. */
  private final @Nullable Metric departed;

  public KafkaSink(
      Producer<byte[], byte[]> producer, Function<T, ProducerRecord<byte[], byte[]>> encoder) {
    this.producer = producer;
    this.encoder = encoder;
    this.departed =
        producer.metrics().entrySet().stream()
            .filter(each -> each.getKey().name().equals("record-send-total"))
            .filter(each -> each.getKey().group().equals("producer-metrics"))
            .map(Map.Entry::<Metric>getValue)
            .findFirst()
            .orElse(null);
  }

  @Override
  public CompletableFuture<Position> send(T value) {
    CompletableFuture<Position> sent = new CompletableFuture<>();
    double departedBefore = departed();
    try {
      var _ =
          producer.send(
              encoder.apply(value), (metadata, e) -> complete(sent, metadata, e, departedBefore));
    } catch (KafkaException | IllegalStateException e) {
      sent.completeExceptionally(new SendFailedException(message(e), false, e));
    }
    return sent;
  }

  /**
   * How many records have been put into requests, or NaN, which equals no value, if that is
   * unknown.
   */
  private double departed() {
    return departed != null && departed.metricValue() instanceof Number count
        ? count.doubleValue()
        : Double.NaN;
  }

  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
  }

  private void complete(
      CompletableFuture<Position> sent,
      RecordMetadata metadata,
      @Nullable Exception failure,
      double departedBefore) {
    if (failure == null) {
      Instant time = Instant.ofEpochMilli(metadata.timestamp());
      sent.complete(new Position(metadata.partition(), metadata.offset(), time));
      return;
    }
    boolean mayHaveLeft = departed() != departedBefore;
    boolean ambiguous = mayHaveLeft && isAmbiguous(failure, metadata);
    sent.completeExceptionally(
        failure instanceof RetriableException
            ? SendFailedException.late(message(failure), ambiguous, failure)
            : new SendFailedException(message(failure), ambiguous, failure));
  }

  /**
   * For a record that may have been in a request. If no request was made since it was sent, Kafka
   * cannot have it and will not get it: the producer has dropped it.
   *
   * <p>A time-out before the record had a partition is one of metadata or of buffer space: the
   * record never left. Kafka marks it by partition -1 in the callback's metadata.
   */
  private static boolean isAmbiguous(Exception failure, @Nullable RecordMetadata metadata) {
    return switch (failure) {
      case BufferExhaustedException _,
          RecordTooLargeException _,
          SerializationException _,
          AuthorizationException _,
          InvalidTopicException _,
          UnknownTopicOrPartitionException _ ->
          false;
      case org.apache.kafka.common.errors.TimeoutException _ ->
          metadata != null && metadata.partition() >= 0;
      default -> true;
    };
  }

  private static String message(Exception e) {
    String message = e.getMessage();
    return message == null ? e.getClass().getSimpleName() : message;
  }
}
