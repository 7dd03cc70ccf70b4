package dev.kanal.common.channel;

import java.time.Duration;
import java.util.Iterator;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.Semaphore;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;

/**
 * A sink that never blocks: values wait, at most {@code capacity} of them, for a thread of its own
 * that sends them on in order. A value that finds no room fails at once, and so does every value
 * while Kafka is out of reach. A value that fails while it waits here is never sent.
 */
public final class HandoffSink<T> implements Sink<T> {
  /** How long a value waits for its turn while Kafka accepts nothing. */
  static final Duration STALLED_MAX = Duration.ofSeconds(1);

  /** How long a value waits for its turn although Kafka accepts others. */
  static final Duration WAIT_MAX = Duration.ofSeconds(5);

  private final Sink<T> target;
  private final KafkaReach reach;
  private final Semaphore room;
  private final LinkedBlockingQueue<Item<T>> waiting = new LinkedBlockingQueue<>();
  private final Thread sender;
  private final int capacity;
  private final LongAdder taken = new LongAdder();
  private final LongAdder refused = new LongAdder();
  private volatile long tookNanos;
  private volatile boolean closed;

  /**
   * Values that are handed over but not yet acknowledged count against {@code capacity}.
   *
   * @param reach learns what becomes of values, and says when none may be sent
   */
  public HandoffSink(String name, Sink<T> target, int capacity, KafkaReach reach) {
    this.target = target;
    this.capacity = capacity;
    this.reach = reach;
    this.room = new Semaphore(capacity);
    this.tookNanos = reach.nanos();
    this.sender = Thread.ofPlatform().name(name).daemon().start(this::run);
    reach.onLook(this::refuseLate);
  }

  /** How many values Kafka has accepted. */
  public long taken() {
    return taken.sum();
  }

  /** How many values Kafka has not accepted, or may not have accepted. */
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
    String away = reach.away();
    if (away != null) {
      refused.increment();
      return CompletableFuture.failedFuture(new SendFailedException(away));
    }
    return hand(value);
  }

  /** Sends a value although Kafka may be out of reach, to see whether Kafka accepts it. */
  public CompletableFuture<Position> sendAnyway(T value) {
    return hand(value);
  }

  private CompletableFuture<Position> hand(T value) {
    CompletableFuture<Position> sent = new CompletableFuture<>();
    if (closed) {
      sent.completeExceptionally(closedNow());
    } else if (!room.tryAcquire()) {
      sent.completeExceptionally(
          new SendFailedException("Expected room to send, but too many values wait for Kafka"));
      refused.increment();
    } else {
      var _ = sent.whenComplete((_, _) -> room.release());
      waiting.add(new Item<>(value, sent, reach.nanos(), new AtomicBoolean()));
      if (closed) {
        failWaiting(closedNow());
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
    failWaiting(closedNow());
  }

  private void run() {
    try {
      while (!closed) {
        Item<T> next = waiting.take();
        if (next.begin()) {
          pass(next);
        }
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void failWaiting(SendFailedException why) {
    for (Item<T> item; (item = waiting.poll()) != null; ) {
      item.refuse(why);
    }
  }

  /** Refuses what has waited too long, or all that waits if Kafka is away. */
  void refuseLate() {
    String away = reach.away();
    long now = reach.nanos();
    boolean stalled = now - tookNanos >= STALLED_MAX.toNanos();
    long atMost = away != null ? 0 : stalled ? STALLED_MAX.toNanos() : WAIT_MAX.toNanos();
    for (Iterator<Item<T>> each = waiting.iterator(); each.hasNext(); ) {
      Item<T> item = each.next();
      if (now - item.nanos < atMost) {
        return;
      }
      String why = away == null ? "Kafka has not taken what came before in time" : away;
      if (item.refuse(new SendFailedException(why))) {
        refused.increment();
      }
      each.remove();
    }
  }

  private void pass(Item<T> item) {
    var _ =
        target
            .send(item.value)
            .whenComplete(
                (position, failure) -> {
                  if (failure == null) {
                    taken.increment();
                    tookNanos = reach.nanos();
                    reach.took();
                    item.sent.complete(position);
                  } else {
                    refused.increment();
                    if (failure instanceof SendFailedException failed && failed.late()) {
                      reach.failed(item.nanos);
                    }
                    item.sent.completeExceptionally(failure);
                  }
                });
  }

  private static SendFailedException closedNow() {
    return new SendFailedException("Expected an open channel, but it closed");
  }

  /**
   * A value that waits for its turn.
   *
   * @param begun whether it is sent, or refused: one of the two
   */
  private record Item<T>(
      T value, CompletableFuture<Position> sent, long nanos, AtomicBoolean begun) {
    boolean begin() {
      return begun.compareAndSet(false, true);
    }

    boolean refuse(SendFailedException why) {
      return begin() && sent.completeExceptionally(why);
    }
  }
}
