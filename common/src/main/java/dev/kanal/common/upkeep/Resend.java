package dev.kanal.common.upkeep;

import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import java.util.function.Supplier;

/**
 * Tries again, a pause after a failure, for as long as it takes or until it is closed. Nothing is
 * kept here but what waits for its pause, which callers bound. Usable from any thread; never blocks
 * if what it runs does not.
 */
public final class Resend implements AutoCloseable {
  private final Executor later;

  private volatile boolean closed;

  public Resend(Duration pause) {
    this(CompletableFuture.delayedExecutor(pause.toNanos(), TimeUnit.NANOSECONDS));
  }

  /**
   * @param later runs what it gets once a pause is over; may refuse it, which counts as closed
   */
  public Resend(Executor later) {
    this.later = later;
  }

  /** Runs it after a pause; not at all once this is closed. */
  public void later(Runnable action) {
    if (closed) {
      return;
    }
    try {
      later.execute(
          () -> {
            if (!closed) {
              action.run();
            }
          });
    } catch (RejectedExecutionException _) {
      closed = true;
    }
  }

  /**
   * Sends, and again for as long as that fails.
   *
   * @param arrived runs once Kafka, or another receiver, has it
   */
  public void send(Supplier<? extends CompletionStage<?>> sending, Runnable arrived) {
    var _ =
        sending
            .get()
            .whenComplete(
                (_, failure) -> {
                  if (failure == null) {
                    arrived.run();
                  } else {
                    later(() -> send(sending, arrived));
                  }
                });
  }

  /**
   * Asks, and again for as long as the answer is a failure that passes, whether this is closed or
   * not; completes with the last answer.
   *
   * @param tries in all, from 1
   */
  public <T> CompletableFuture<T> ask(
      Supplier<CompletableFuture<T>> asking, int tries, Predicate<Throwable> passes) {
    return asking
        .get()
        .exceptionallyCompose(
            failure ->
                tries > 1 && passes.test(failure)
                    ? CompletableFuture.runAsync(() -> {}, later)
                        .thenCompose(_ -> ask(asking, tries - 1, passes))
                    : CompletableFuture.failedFuture(failure));
  }

  public boolean isClosed() {
    return closed;
  }

  /** What waits for its pause, and what fails from now on, is not tried again. */
  @Override
  public void close() {
    closed = true;
  }
}
