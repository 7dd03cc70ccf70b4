package dev.kanal.common.channel;

import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.LongAdder;

/**
 * A sink that never blocks: values wait, at most {@code capacity} of them, for a thread of its own
 * that sends them on in order. A value that finds no room fails at once.
 */
public final class HandoffSink<T> implements Sink<T> {
  private final Sink<T> target;
  private final Semaphore room;
  private final LinkedBlockingQueue<Item<T>> waiting = new LinkedBlockingQueue<>();
  private final Thread sender;
  private final int capacity;
  private final LongAdder taken = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private volatile boolean closed;

  /** Values that are handed over but not yet acknowledged count against {@code capacity}. */
  public HandoffSink(String name, Sink<T> target, int capacity) {
    this.target = target;
    this.capacity = capacity;
    this.room = new Semaphore(capacity);
    this.sender = Thread.ofPlatform().name(name).daemon().start(this::run);
  }

  /** How many values Kafka has taken. */
  public long taken() {
    return taken.sum();
  }

  /** How many values Kafka has not taken, or may not have taken. */
  public long refused() {
    return refused.sum();
  }

  /** How many values are on their way. */
  public int length() {
    return capacity - room.availablePermits();
  }

  /** How many values may be on their way. */
  public int capacity() {
    return capacity;
  }

  @Override
  public CompletableFuture<Position> send(T value) {
    CompletableFuture<Position> sent = new CompletableFuture<>();
    if (closed) {
      sent.completeExceptionally(
          new SendFailedException("Expected an open channel, but it closed"));
    } else if (!room.tryAcquire()) {
      sent.completeExceptionally(
          new SendFailedException("Expected room to send, but too many values wait for Kafka"));
      refused.increment();
    } else {
      var _ = sent.whenComplete((_, _) -> room.release());
      waiting.add(new Item<>(value, sent));
      if (closed) {
        failWaiting();
      }
    }
    return sent;
  }

  @Override
  public void close() {
    closed = true;
    sender.interrupt();
    try {
      sender.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    target.close();
    failWaiting();
  }

  private void run() {
    try {
      while (!closed) {
        pass(waiting.take());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void failWaiting() {
    for (Item<T> item; (item = waiting.poll()) != null; ) {
      item.sent.completeExceptionally(
          new SendFailedException("Expected an open channel, but it closed"));
    }
  }

  private void pass(Item<T> item) {
    var _ =
        target
            .send(item.value)
            .whenComplete(
                (position, failure) -> {
                  (failure == null ? taken : refused).increment();
                  if (failure == null) {
                    item.sent.complete(position);
                  } else {
                    item.sent.completeExceptionally(failure);
                  }
                });
  }

  private record Item<T>(T value, CompletableFuture<Position> sent) {}
}
