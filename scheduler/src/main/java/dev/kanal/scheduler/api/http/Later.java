package dev.kanal.scheduler.api.http;

import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import io.vertx.core.Context;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.function.Function;

/**
 * The one bridge from the futures of the engine, the queues and Kafka, which any thread completes,
 * to those of asynchronous calls, which are completed on the event loop that asked.
 */
public final class Later {
  private Later() {}

  /** Complete at once if {@code future} is; fails with the cause itself. */
  public static <T> Future<T> of(CompletableFuture<T> future) {
    return of(future, cause -> cause);
  }

  /**
   * Fails with a {@link RefusedException}.
   *
   * @param refusal what it means to the client that {@code future} has failed
   */
  public static <T> Future<T> refusing(
      CompletableFuture<T> future, Function<Throwable, Problem> refusal) {
    return of(future, cause -> new RefusedException(refusal.apply(cause)));
  }

  private static <T> Future<T> of(
      CompletableFuture<T> future, Function<Throwable, Throwable> failure) {
    if (future.isDone()) {
      return future.isCompletedExceptionally()
          ? Future.failedFuture(failure.apply(Failures.unwrap(future.exceptionNow())))
          : Future.succeededFuture(future.resultNow());
    }
    Context loop = Vertx.currentContext();
    Future<T> later =
        loop == null
            ? Future.fromCompletionStage(future)
            : Future.fromCompletionStage(future, loop);
    return later.recover(cause -> Future.failedFuture(failure.apply(Failures.unwrap(cause))));
  }
}
