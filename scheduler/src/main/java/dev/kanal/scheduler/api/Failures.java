package dev.kanal.scheduler.api;

import dev.kanal.common.error.ErrorCode;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What nobody expected: logged here, once, and told to the client without its insides. */
final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  private Failures() {}

  static Throwable unwrap(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
    return cause == null ? failure : cause;
  }

  /** Runs what answers a request; what it throws is an answer too. */
  static void guard(HttpServerRequest request, Runnable answering) {
    try {
      answering.run();
    } catch (RuntimeException e) {
      Answers.problem(request, internal(e));
    }
  }

  static Problem internal(Throwable failure) {
    LOG.error("A request failed inside the API", failure);
    return Problem.of(ErrorCode.INTERNAL, "The server failed; its log says more");
  }
}
