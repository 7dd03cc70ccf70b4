package dev.kanal.scheduler.api.http;

import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.error.KanalException;
import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.core.http.HttpServerRequest;
import java.util.concurrent.CompletionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** What nobody expected: logged here, once, and answered to the client without its insides. */
public final class Failures {
  private static final Logger LOG = LoggerFactory.getLogger(Failures.class);

  /** Time for some more queues to be made. */
  private static final int QUEUE_AGAIN_SECONDS = 10;

  private Failures() {}

  public static Throwable unwrap(Throwable failure) {
    Throwable cause = failure instanceof CompletionException ? failure.getCause() : null;
    return cause == null ? failure : cause;
  }

  /** Runs what answers a request; what it throws is an answer too. */
  public static void guard(HttpServerRequest request, Runnable answering) {
    try {
      answering.run();
    } catch (RuntimeException e) {
      Answers.problem(request, internal(e));
    }
  }

  /** What it means that a queue cannot be made ready. */
  public static Problem noQueue(Throwable failure) {
    return switch (unwrap(failure)) {
      case SendFailedException away -> Problem.kafkaUnavailable(away);
      case KanalException refused when refused.code().retryable() ->
          Problem.later(refused.code(), String.valueOf(refused.getMessage()), QUEUE_AGAIN_SECONDS);
      case KanalException refused ->
          Problem.of(refused.code(), String.valueOf(refused.getMessage()));
      case Throwable other -> internal(other);
    };
  }

  public static Problem internal(Throwable failure) {
    LOG.error("A request failed inside the API", failure);
    return Problem.of(ErrorCode.INTERNAL, "The server failed; its log says more");
  }
}
