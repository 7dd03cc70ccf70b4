package dev.kanal.scheduler.api.http;

import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import java.util.function.Supplier;

/** Sends answers, each at most once, on the event loop of its request. */
public final class Answers {
  public static final String JSON = "application/json";

  private Answers() {}

  /**
   * Puts the headers that every answer has: its media type is not to be guessed at, and what it
   * says of jobs is not to be kept by caches. Files of the dashboard say otherwise.
   */
  public static void guard(HttpServerResponse response) {
    response.putHeader("X-Content-Type-Options", "nosniff").putHeader("Cache-Control", "no-store");
  }

  public static void send(HttpServerRequest request, int status, String mediaType, Buffer body) {
    HttpServerResponse response = request.response();
    if (response.headWritten() || response.closed()) {
      return;
    }
    response
        .setStatusCode(status)
        .putHeader("Content-Type", mediaType)
        .putHeader("Content-Length", Integer.toString(body.length()));
    finish(request, body);
  }

  public static void sendJson(HttpServerRequest request, int status, Buffer body) {
    send(request, status, JSON, body);
  }

  /** Answers a question, unless its conditions ask for another version or know this one. */
  public static void sendTagged(HttpServerRequest request, String etag, Supplier<Buffer> json) {
    Conditions conditions = Conditions.of(request);
    request.response().putHeader("ETag", etag);
    if (!conditions.matches(etag)) {
      problem(request, Conditions.unmet("answer", etag));
    } else if (conditions.know(etag)) {
      notModified(request);
    } else {
      sendJson(request, 200, json.get());
    }
  }

  /** Answers with what comes; a refusal, or a failure that nobody expected, is an answer, too. */
  public static void when(HttpServerRequest request, Future<Answer> answer) {
    answer
        .onSuccess(sent -> Failures.guard(request, () -> sent.send(request)))
        .onFailure(
            failure ->
                problem(
                    request,
                    failure instanceof RefusedException refused
                        ? refused.problem()
                        : Failures.internal(failure)));
  }

  public static void problem(HttpServerRequest request, Problem problem) {
    if (problem.retryAfterSeconds() > 0 && !request.response().headWritten()) {
      request.response().putHeader("Retry-After", Integer.toString(problem.retryAfterSeconds()));
    }
    String traceId = TraceHeaders.of(request.headers()).traceId();
    send(
        request,
        problem.code().status(),
        ProblemWriter.MEDIA_TYPE,
        ProblemWriter.write(problem, traceId));
  }

  public static void noContent(HttpServerRequest request) {
    if (!request.response().headWritten() && !request.response().closed()) {
      var _ = request.response().setStatusCode(204).end();
    }
  }

  public static void notModified(HttpServerRequest request) {
    if (!request.response().headWritten() && !request.response().closed()) {
      var _ = request.response().setStatusCode(304).end();
    }
  }

  private static void finish(HttpServerRequest request, Buffer body) {
    var _ =
        request.method().equals(HttpMethod.HEAD)
            ? request.response().end()
            : request.response().end(body);
  }
}
