package dev.kanal.worker.testing;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.worker.Handler;
import dev.kanal.worker.HandlerOptions;
import dev.kanal.worker.Interceptor;
import dev.kanal.worker.JobHandler;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Sets up one attempt of a handler and runs it.
 *
 * <pre>{@code
 * HandlerResult<Words> result =
 *     HandlerTester.of(new WordCountHandler()).payload(new Text("a b")).attempt(2).run();
 * }</pre>
 *
 * Belongs to one thread. Time begins at 2030-01-01T00:00:00Z and stands still unless the test moves
 * it.
 *
 * @param <P> what payloads are read as
 * @param <R> what the handler returns
 */
public final class HandlerTester<P extends @Nullable Object, R extends @Nullable Object> {
  private final String type;
  private final Class<P> payloadType;
  private final Handler<P, R> handler;
  private final List<Interceptor> interceptors = new ArrayList<>();
  private HandlerOptions options;
  private AttemptDriver.Call call =
      new AttemptDriver.Call(JobId.of(0, 1, 1), 1, 1, Duration.ofMinutes(10), null, JsonBytes.NULL);

  private HandlerTester(
      String type, Class<P> payloadType, Handler<P, R> handler, HandlerOptions options) {
    this.type = type;
    this.payloadType = payloadType;
    this.handler = handler;
    this.options = options;
  }

  /** A handler with its own options. */
  public static <P extends @Nullable Object, R extends @Nullable Object> HandlerTester<P, R> of(
      JobHandler<P, R> handler) {
    return new HandlerTester<>(handler.type(), handler.payloadType(), handler, handler.options());
  }

  /** A handler as it is registered with a worker. */
  public static <P extends @Nullable Object, R extends @Nullable Object> HandlerTester<P, R> of(
      String type, Class<P> payloadType, Handler<P, R> handler) {
    return new HandlerTester<>(type, payloadType, handler, HandlerOptions.DEFAULT);
  }

  /** Of the options, {@code maxConcurrency} and {@code queues} mean nothing to a single attempt. */
  public HandlerTester<P, R> options(HandlerOptions other) {
    options = other;
    return this;
  }

  /** As of {@code WorkerBuilder}; the one named first is the outermost. */
  public HandlerTester<P, R> intercept(Interceptor interceptor) {
    interceptors.add(interceptor);
    return this;
  }

  /**
   * The payload: written as JSON and read again for the handler; {@link JsonBytes} as they are.
   *
   * @throws IllegalArgumentException if it cannot be written as JSON
   */
  public HandlerTester<P, R> payload(@Nullable Object value) {
    try {
      return with(
          new AttemptDriver.Call(
              call.job(),
              call.attempt(),
              call.dispatch(),
              call.timeout(),
              call.deadline(),
              AttemptDriver.json(value)));
    } catch (IOException e) {
      throw new IllegalArgumentException("Expected a payload that is JSON, but: " + e, e);
    }
  }

  /** From 1, which it is unless set; the dispatch number is the same. */
  public HandlerTester<P, R> attempt(int number) {
    if (number < 1) {
      throw new IllegalArgumentException("Expected an attempt from 1, but got " + number);
    }
    return with(
        new AttemptDriver.Call(
            call.job(), number, number, call.timeout(), call.deadline(), call.payload()));
  }

  /** The job's timeout: ten minutes unless set. */
  public HandlerTester<P, R> timeout(Duration time) {
    return with(
        new AttemptDriver.Call(
            call.job(), call.attempt(), call.dispatch(), time, call.deadline(), call.payload()));
  }

  /** The job's deadline: none unless set. */
  public HandlerTester<P, R> deadline(Instant time) {
    return with(
        new AttemptDriver.Call(
            call.job(), call.attempt(), call.dispatch(), call.timeout(), time, call.payload()));
  }

  /**
   * Runs the attempt to its end.
   *
   * @throws IllegalStateException if the handler still runs after ten seconds of real time
   */
  public HandlerResult<R> run() {
    return start().await();
  }

  /** Starts the attempt; returns when the handler has been called, or will not be. */
  public RunningHandler<R> start() {
    return RunningHandler.start(
        handler,
        called -> new AttemptDriver.Setup<>(type, payloadType, called, options, interceptors),
        call);
  }

  private HandlerTester<P, R> with(AttemptDriver.Call other) {
    call = other;
    return this;
  }
}
