package dev.kanal.scheduler.api.http;

import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.util.function.Supplier;

/** What a request is answered. Made in any thread; sent on the event loop of the request. */
@FunctionalInterface
public interface Answer {
  void send(HttpServerRequest request);

  static Answer json(int status, Buffer json) {
    return request -> Answers.sendJson(request, status, json);
  }

  static Answer noContent() {
    return Answers::noContent;
  }

  static Answer problem(Problem problem) {
    return request -> Answers.problem(request, problem);
  }

  /** The answer to a question, unless its conditions ask for another version or know this one. */
  static Answer tagged(String etag, Supplier<Buffer> json) {
    return request -> Answers.sendTagged(request, etag, json);
  }

  /** The same with one more header. */
  default Answer with(String header, String value) {
    return request -> {
      request.response().putHeader(header, value);
      send(request);
    };
  }
}
