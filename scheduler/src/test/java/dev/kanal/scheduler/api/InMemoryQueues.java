package dev.kanal.scheduler.api;

import dev.kanal.common.job.Priority;
import dev.kanal.scheduler.queues.QueueDirectory;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.ForkJoinPool;
import org.jspecify.annotations.Nullable;

/** Knows every queue but those named {@code unknown…}; a new one takes another thread's time. */
final class InMemoryQueues implements QueueDirectory {
  volatile @Nullable Exception failure;

  private final Set<String> known = ConcurrentHashMap.newKeySet();
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
    return known.add(queue + "." + priority)
        ? CompletableFuture.supplyAsync(() -> Readiness.READY, elsewhere)
        : CompletableFuture.completedFuture(Readiness.READY);
  }
}
