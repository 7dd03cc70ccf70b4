package dev.kanal.worker.run;

import dev.kanal.common.job.JsonBytes;
import dev.kanal.worker.Context;
import dev.kanal.worker.Handler;
import dev.kanal.worker.HandlerOptions;
import dev.kanal.worker.Interceptor;
import dev.kanal.worker.JobHandler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A handler, its type and how it is run.
 *
 * @param origin where the handler was found, for messages
 * @param loader in scope while the handler runs; {@code null} for the worker's own
 */
public record Registration<P extends @Nullable Object>(
    String type,
    Class<P> payloadType,
    Handler<P, ?> handler,
    HandlerOptions options,
    String origin,
    @Nullable ClassLoader loader) {
  public static <P extends @Nullable Object> Registration<P> of(
      String type, Class<P> payloadType, Handler<P, ?> handler, HandlerOptions options) {
    String origin = handler.getClass().getName();
    return new Registration<>(type, payloadType, handler, options, origin, null);
  }

  public static <P extends @Nullable Object> Registration<P> of(JobHandler<P, ?> handler) {
    return of(handler.type(), handler.payloadType(), handler, handler.options());
  }

  /** The time that an attempt gets. */
  Duration timeout(Duration ofJob) {
    Duration most = options.timeout();
    return most != null && most.compareTo(ofJob) < 0 ? most : ofJob;
  }

  /** Whether trying again may help after this exception. */
  boolean isRetryable(Throwable thrown) {
    return options.notRetryable().stream().noneMatch(type -> type.isInstance(thrown));
  }

  public boolean isOf(Class<?> other) {
    return handler.getClass() == other;
  }

  /** Runs the handler in this thread, within the interceptors. */
  @Nullable Object run(Context context, JsonBytes payload, RunnerSettings settings)
      throws Throwable {
    if (loader != null) {
      Thread.currentThread().setContextClassLoader(loader);
    }
    Interceptor.Invocation called =
        () -> handler.handle(context, settings.json().read(payloadType, payload));
    return new Interception(settings.interceptors(), context, called).run();
  }
}
