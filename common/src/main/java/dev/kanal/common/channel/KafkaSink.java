package dev.kanal.common.channel;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;
import org.apache.kafka.clients.producer.BufferExhaustedException;
import org.apache.kafka.clients.producer.Producer;
import org.apache.kafka.clients.producer.ProducerRecord;
import org.apache.kafka.clients.producer.RecordMetadata;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.errors.AuthorizationException;
import org.apache.kafka.common.errors.InvalidTopicException;
import org.apache.kafka.common.errors.RecordTooLargeException;
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

  public KafkaSink(
      Producer<byte[], byte[]> producer, Function<T, ProducerRecord<byte[], byte[]>> encoder) {
    this.producer = producer;
    this.encoder = encoder;
  }

  @Override
  public CompletableFuture<Position> send(T value) {
    CompletableFuture<Position> sent = new CompletableFuture<>();
    try {
      var _ = producer.send(encoder.apply(value), (metadata, e) -> complete(sent, metadata, e));
    } catch (KafkaException | IllegalStateException e) {
      sent.completeExceptionally(new SendFailedException(message(e), false, e));
    }
    return sent;
  }

  @Override
  public void close() {
    producer.close(CLOSE_TIMEOUT);
  }

  private static void complete(
      CompletableFuture<Position> sent, RecordMetadata metadata, @Nullable Exception failure) {
    if (failure == null) {
      Instant time = Instant.ofEpochMilli(metadata.timestamp());
      sent.complete(new Position(metadata.partition(), metadata.offset(), time));
    } else {
      sent.completeExceptionally(
          new SendFailedException(message(failure), isAmbiguous(failure, metadata), failure));
    }
  }

  /**
   * A time-out before the record had a partition is one of metadata or of buffer space: the record
   * never left. Kafka marks it by partition -1 in the callback's metadata.
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
