package dev.kanal.scheduler.api;

import dev.kanal.common.job.Priority;
import dev.kanal.common.queue.KnownQueues;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.scheduler.queues.QueueDirectory;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/** Knows every queue but those named {@code unknown…}; a new one takes another thread's time. */
public final class InMemoryQueues implements QueueDirectory {
  public volatile @Nullable Exception failure;
  public volatile boolean makesQueues = true;

  /** Of each queue, by partition. */
  public volatile Map<Integer, Long> groupLags = Map.of(0, 2L, 1, 3L);

  public final KnownQueues known = new KnownQueues();
  public final Map<String, Integer> topics = new ConcurrentHashMap<>();

  private final Set<String> seen = ConcurrentHashMap.newKeySet();
  private final Executor elsewhere = ForkJoinPool.commonPool();

  @Override
  public CompletableFuture<Readiness> ensure(String queue, Priority priority) {
    Exception away = failure;
    if (away != null) {
      return CompletableFuture.failedFuture(away);
    }
    if (queue.startsWith("unknown")) {
      return CompletableFuture.supplyAsync(() -> Readiness.UNKNOWN, elsewhere);
    }
    return seen.add(queue + "." + priority)
        ? CompletableFuture.supplyAsync(() -> Readiness.READY, elsewhere)
        : CompletableFuture.completedFuture(Readiness.READY);
  }

  @Override
  public KnownQueues known() {
    return known;
  }

  @Override
  public QueueSettings defaults() {
    return QueueSettings.of(4, 10_000_000);
  }

  @Override
  public boolean makesQueues() {
    return makesQueues;
  }

  @Override
  public CompletableFuture<Integer> partitions(String queue) {
    return CompletableFuture.supplyAsync(() -> topics.getOrDefault(queue, 0), elsewhere);
  }

  @Override
  public CompletableFuture<Map<Priority, Map<Integer, Long>>> groupLags(String queue) {
    return CompletableFuture.completedFuture(Map.of(Priority.NORMAL, groupLags));
  }

  @Override
  public CompletableFuture<Set<String>> names() {
    return CompletableFuture.supplyAsync(() -> Set.copyOf(topics.keySet()), elsewhere);
  }

  @Override
  public CompletableFuture<Void> open(String queue, int partitions) {
    return CompletableFuture.runAsync(() -> topics.merge(queue, partitions, Math::max), elsewhere);
  }

  @Override
  public CompletableFuture<Void> delete(String queue) {
    return CompletableFuture.runAsync(() -> topics.remove(queue), elsewhere);
  }
}
