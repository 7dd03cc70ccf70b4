package dev.kanal.scheduler.api.jobs;

import dev.kanal.common.clock.Ticker;
import dev.kanal.common.job.JobSpec;
import dev.kanal.scheduler.api.http.Preferences;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.util.OptionalInt;

/** A submit of one job under way; {@code received} by the ticker. */
record SubmitCall(
    HttpServerRequest request, Buffer body, JobSpec spec, Ticker ticker, long received) {

  boolean waits() {
    return Preferences.wait(request.headers()).isPresent();
  }

  /** What is left of the time that the client prefers to wait; zero if it does not. */
  Duration preferredWait() {
    OptionalInt wait = Preferences.wait(request.headers());
    if (wait.isEmpty()) {
      return Duration.ZERO;
    }
    request.response().putHeader("Preference-Applied", "wait=" + wait.getAsInt());
    Duration spent = Duration.ofNanos(ticker.nanos() - received);
    Duration left = Duration.ofSeconds(wait.getAsInt()).minus(spent);
    return left.isNegative() ? Duration.ZERO : left;
  }
}
