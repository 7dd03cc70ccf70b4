package dev.kanal.scheduler.api.capacity;

import dev.kanal.common.channel.Position;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Iterator;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;

/**
 * How many unfinished jobs a queue has: what its shards counted when they were last asked, and what
 * this node has sent since that they had not yet read. Usable from any thread.
 */
final class QueueGauge {
  private final Map<Integer, Long> counted = new HashMap<>();
  private final Map<Integer, ArrayDeque<Batch>> unread = new HashMap<>();
  private final ArrayDeque<Waiter> waiting = new ArrayDeque<>();

  private long total;
  private long mine;
  private long capacity;

  /** Takes a place for a job, if there is one, and nobody waits for it. */
  synchronized boolean tryTake(long places) {
    capacity = places;
    return waiting.isEmpty() && takeOne();
  }

  /** The same, for who waits: false if there is still none when the time is up. */
  synchronized CompletableFuture<Boolean> take(long places, Duration atMost) {
    if (tryTake(places)) {
      return CompletableFuture.completedFuture(true);
    }
    Waiter waiter = new Waiter();
    waiting.add(waiter);
    return waiter
        .place
        .completeOnTimeout(false, Math.max(1, atMost.toMillis()), TimeUnit.MILLISECONDS)
        .whenComplete((_, _) -> forget(waiter));
  }

  /** Takes a place whether there is one or not. */
  synchronized void takeAnyway() {
    mine++;
  }

  /** A job for which a place was taken is in the log. */
  synchronized void sent(Position position) {
    ArrayDeque<Batch> batches =
        unread.computeIfAbsent(position.partition(), _ -> new ArrayDeque<>());
    Batch last = batches.peekLast();
    if (last == null || last.closed) {
      last = new Batch();
      batches.add(last);
    }
    last.jobs++;
    last.end = Math.max(last.end, position.offset());
  }

  /** A job for which a place was taken did not get into the log. */
  synchronized void failed() {
    mine--;
    letIn();
  }

  /** What a shard says that has read its log up to {@code applied}. */
  synchronized void read(int shard, long applied, long unfinished) {
    Long before = counted.put(shard, unfinished);
    total += unfinished - (before == null ? 0 : before);
    Iterator<Batch> batches = unread.getOrDefault(shard, new ArrayDeque<>()).iterator();
    while (batches.hasNext()) {
      Batch batch = batches.next();
      if (batch.end <= applied) {
        mine -= batch.jobs;
        batches.remove();
      } else {
        batch.closed = true;
      }
    }
  }

  /** All shards that could be asked have been. */
  synchronized void readAll() {
    letIn();
  }

  synchronized boolean isUsedToHalf(long places) {
    return total + mine >= places / 2;
  }

  synchronized boolean isWaitedFor() {
    return !waiting.isEmpty();
  }

  private void letIn() {
    while (!waiting.isEmpty() && takeOne()) {
      if (!waiting.remove().place.complete(true)) {
        mine--;
      }
    }
  }

  private boolean takeOne() {
    if (total + mine >= capacity) {
      return false;
    }
    mine++;
    return true;
  }

  private synchronized void forget(Waiter waiter) {
    waiting.remove(waiter);
  }

  /** A waiter for a place; compared by identity. */
  private static final class Waiter {
    private final CompletableFuture<Boolean> place = new CompletableFuture<>();
  }

  /** Jobs that were sent to one shard between two readings. */
  private static final class Batch {
    private long end;
    private long jobs;
    private boolean closed;
  }
}
