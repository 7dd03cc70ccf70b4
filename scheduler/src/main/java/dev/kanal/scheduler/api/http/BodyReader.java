package dev.kanal.scheduler.api.http;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.function.Consumer;

/**
 * Reads a body of bounded size in bounded time. A body that is too large is answered at once and
 * read no further than a grace time allows, so that clients which send before they read get their
 * answer.
 */
public final class BodyReader {
  /** How long the body of a single job may take to arrive. */
  static final Duration PATIENCE = Duration.ofSeconds(30);

  /** What a job may take in JSON besides its payload, in bytes. */
  public static final int OVERHEAD = 64 * 1024;

  private final Vertx vertx;
  private final int max;

  public BodyReader(Vertx vertx, int max) {
    this.vertx = vertx;
    this.max = max;
  }

  /** Gives the whole body to {@code then} unless it is refused. */
  public void read(HttpServerRequest request, Consumer<byte[]> then) {
    long timer = vertx.setTimer(PATIENCE.toMillis(), _ -> tooSlow(request));
    request.exceptionHandler(_ -> vertx.cancelTimer(timer));
    if (declaredLength(request) > max) {
      request.endHandler(_ -> vertx.cancelTimer(timer));
      tooLarge(request);
      return;
    }
    Buffer body = Buffer.buffer();
    request.handler(
        chunk -> {
          if (body.length() + chunk.length() > max) {
            request.handler(_ -> {});
            tooLarge(request);
          } else {
            body.appendBuffer(chunk);
          }
        });
    request.endHandler(
        _ -> {
          vertx.cancelTimer(timer);
          if (!request.response().headWritten()) {
            Failures.guard(request, () -> then.accept(body.getBytes()));
          }
        });
  }

  private void tooLarge(HttpServerRequest request) {
    Answers.problem(
        request,
        Problem.of(
            ErrorCode.PAYLOAD_TOO_LARGE,
            "Expected a request of at most " + max + " bytes, but got more"));
  }

  private static void tooSlow(HttpServerRequest request) {
    if (!request.isEnded()) {
      var _ = request.connection().close();
    }
  }

  private static long declaredLength(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    try {
      return length == null ? 0 : Long.parseLong(length);
    } catch (NumberFormatException e) {
      return 0;
    }
  }
}
