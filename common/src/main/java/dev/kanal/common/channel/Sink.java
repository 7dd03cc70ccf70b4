package dev.kanal.common.channel;

import java.util.concurrent.CompletableFuture;

/** The sending end of a channel. */
public interface Sink<T> extends AutoCloseable {
  /**
   * How much a producer gathers for a partition while a request is under way. The default of Kafka,
   * 16 KiB, is some 50 tasks: with one request under way at a time that would be all it takes.
   */
  int BATCH_BYTES = 128 << 10;

  /**
   * Sends {@code value}. The future completes once every in-sync replica has it; it fails with a
   * {@link SendFailedException} when the channel does not have it, or may not have it. May block
   * for as long as the sink's buffer is full, at most the sink's own bound.
   */
  CompletableFuture<Position> send(T value);

  /** Waits for what was sent, at most some seconds, and refuses to send more. */
  @Override
  void close();
}
