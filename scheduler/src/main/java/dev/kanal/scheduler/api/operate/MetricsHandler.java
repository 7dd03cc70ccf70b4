package dev.kanal.scheduler.api.operate;

import dev.kanal.common.telemetry.Exposition;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Failures;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.ext.web.RoutingContext;

/**
 * {@code GET /metrics}: everything that this node measures, as text for Prometheus; in the format
 * OpenMetrics, with exemplars, for one who accepts that.
 */
final class MetricsHandler implements Handler<RoutingContext> {
  static final String MEDIA_TYPE = "text/plain, application/openmetrics-text";

  private final Vertx vertx;
  private final Telemetry telemetry;

  MetricsHandler(Vertx vertx, Telemetry telemetry) {
    this.vertx = vertx;
    this.telemetry = telemetry;
  }

  /** Looks at every shard, and so not on an event loop. */
  @Override
  public void handle(RoutingContext context) {
    String accept = context.request().getHeader("Accept");
    vertx
        .<Exposition>executeBlocking(() -> telemetry.exposition(accept), false)
        .onSuccess(
            all -> context.response().putHeader("Content-Type", all.contentType()).end(all.text()))
        .onFailure(failure -> Answers.problem(context.request(), Failures.internal(failure)));
  }
}
