package dev.kanal.common.queue;

import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * What has been read of the queues' settings so far. Usable from any thread; written by the one
 * that reads the topic.
 */
public final class KnownQueues {
  private final Map<String, QueueRecord> newest = new ConcurrentHashMap<>();
  private final List<Waiter> waiters = new CopyOnWriteArrayList<>();
  private final CompletableFuture<Void> caughtUp = new CompletableFuture<>();

  /**
   * Takes a record; returns whether it is news. A record that is older than what is known is
   * ignored.
   */
  public boolean take(QueueRecord said) {
    boolean[] news = {false};
    newest.compute(
        said.queue(),
        (_, known) -> {
          if (known != null && known.revision() > said.revision()) {
            return known;
          }
          news[0] = !said.equals(known);
          return said;
        });
    for (Waiter waiter : waiters) {
      if (waiter.isAnsweredBy(said)) {
        waiter.reached.complete(true);
      }
    }
    return news[0];
  }

  /** The newest record of a queue; null if there was none. Deleted queues have no settings. */
  public @Nullable QueueRecord of(String queue) {
    return newest.get(queue);
  }

  /** The settings of a queue; null if it has no record, or was deleted. */
  public @Nullable QueueSettings settings(String queue) {
    QueueRecord known = newest.get(queue);
    return known == null ? null : known.settings();
  }

  /** Every queue that has settings. */
  public List<QueueRecord> all() {
    List<QueueRecord> all = new ArrayList<>();
    for (QueueRecord each : newest.values()) {
      if (each.settings() != null) {
        all.add(each);
      }
    }
    return all;
  }

  /** Completes once {@code revision} of the queue, or a newer one, is known: false if too late. */
  public CompletableFuture<Boolean> await(String queue, long revision, Duration atMost) {
    Waiter waiter = new Waiter(queue, revision, new CompletableFuture<>());
    waiters.add(waiter);
    QueueRecord known = newest.get(queue);
    if (known != null && waiter.isAnsweredBy(known)) {
      waiter.reached.complete(true);
    }
    return waiter
        .reached
        .completeOnTimeout(false, atMost.toMillis(), TimeUnit.MILLISECONDS)
        .whenComplete((_, _) -> waiters.remove(waiter));
  }

  /** Completes once everything that was written before the reading began has been read. */
  public CompletableFuture<Void> caughtUp() {
    return caughtUp;
  }

  void reachedEnd() {
    caughtUp.complete(null);
  }

  private record Waiter(String queue, long revision, CompletableFuture<Boolean> reached) {
    boolean isAnsweredBy(QueueRecord said) {
      return said.queue().equals(queue) && said.revision() >= revision;
    }
  }
}
