package dev.kanal.scheduler.engine.read;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.engine.query.UnavailableException;
import dev.kanal.scheduler.engine.shard.ShardStatus;
import dev.kanal.scheduler.engine.table.Rows;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.BiFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * Finds what lives in the shard that its id names. What it answers fails with {@link
 * UnavailableException} if the shard is not here, or has not caught up with its log in time.
 *
 * @param reading answers null if it is not there
 */
record ById<V>(
    LocalShards shards,
    Executor readers,
    BiFunction<Rows, JobId, @Nullable V> reading,
    Predicate<V> isFinal) {
  private static final Duration CATCH_UP = Duration.ofSeconds(5);

  /**
   * Reads your writes: on a miss, the answer waits until everything that stands in the log now has
   * been applied.
   */
  CompletableFuture<Optional<V>> find(JobId id) {
    return ask(id, status -> findNow(status, id));
  }

  /** The same, once it has become final or {@code atMost} is over. */
  CompletableFuture<Optional<V>> awaitFinal(JobId id, Duration atMost) {
    return ask(id, status -> awaitFinal(status, id, atMost));
  }

  /** Why nothing was found, in words. */
  static String why(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
    return String.valueOf((cause == null ? failure : cause).getMessage());
  }

  private CompletableFuture<Optional<V>> ask(JobId id, Question<V> question) {
    ShardStatus status = shards.all().get(id.shard());
    if (status == null) {
      return unavailable("shard " + id.shard() + " is not here");
    }
    if (!shards.isAlive(status)) {
      return unavailable("shard " + id.shard() + " does not read its log at present");
    }
    return CompletableFuture.completedFuture(status)
        .thenComposeAsync(question::put, readers)
        .exceptionallyCompose(
            failure ->
                unavailable("shard " + id.shard() + " cannot be read: " + failure.getMessage()));
  }

  private CompletableFuture<Optional<V>> findNow(ShardStatus status, JobId id) {
    Optional<V> found = read(id);
    if (found.isPresent()) {
      return CompletableFuture.completedFuture(found);
    }
    return shards
        .logEnds()
        .of(id.shard())
        .thenCompose(status::awaitEnd)
        .orTimeout(CATCH_UP.toMillis(), TimeUnit.MILLISECONDS)
        .thenApplyAsync(_ -> read(id), readers);
  }

  private CompletableFuture<Optional<V>> awaitFinal(ShardStatus status, JobId id, Duration atMost) {
    ShardStatus.FinalWaiter waiter = status.awaitFinal(id);
    return findNow(status, id)
        .thenCompose(
            found -> {
              if (found.isEmpty() || isFinal.test(found.get())) {
                return CompletableFuture.completedFuture(found);
              }
              return waiter
                  .ended()
                  .completeOnTimeout(null, atMost.toMillis(), TimeUnit.MILLISECONDS)
                  .thenComposeAsync(_ -> findNow(status, id), readers);
            })
        .whenComplete((_, _) -> status.forget(waiter));
  }

  private Optional<V> read(JobId id) {
    return Optional.ofNullable(reading.apply(shards.rows(id.shard()), id));
  }

  private static <T> CompletableFuture<T> unavailable(String why) {
    return CompletableFuture.failedFuture(new UnavailableException(why));
  }

  /** A question to a shard that is here. */
  private interface Question<V> {
    CompletableFuture<Optional<V>> put(ShardStatus status);
  }
}
