package dev.kanal.scheduler.api.http;

import io.vertx.core.Context;
import io.vertx.core.Vertx;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;

/** Brings what other threads complete back to the event loop that asked. */
public final class Loops {
  private Loops() {}

  /** Calls one of both on the caller's event loop: at once, if the future is complete. */
  public static <T> void then(
      Vertx vertx, CompletableFuture<T> future, Consumer<T> done, Consumer<Throwable> failed) {
    if (future.isDone()) {
      settle(future, done, failed);
      return;
    }
    Context loop = vertx.getOrCreateContext();
    var _ = future.whenComplete((_, _) -> loop.runOnContext(_ -> settle(future, done, failed)));
  }

  private static <T> void settle(
      CompletableFuture<T> future, Consumer<T> done, Consumer<Throwable> failed) {
    if (future.isCompletedExceptionally()) {
      failed.accept(Failures.unwrap(future.exceptionNow()));
    } else {
      done.accept(future.resultNow());
    }
  }
}
