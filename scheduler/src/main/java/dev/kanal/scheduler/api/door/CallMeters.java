package dev.kanal.scheduler.api.door;

import dev.kanal.common.clock.Ticker;
import dev.kanal.common.telemetry.Meters;
import dev.kanal.common.telemetry.Metric;
import dev.kanal.common.telemetry.TraceParents;
import dev.kanal.scheduler.api.http.TraceHeaders;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongUpDownCounter;
import io.opentelemetry.context.Context;
import io.vertx.core.Handler;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;

/** Measures each call; one that meets no route counts as {@code none}. Usable from any thread. */
public final class CallMeters implements Handler<RoutingContext> {
  private static final double SECOND_NANOS = 1e9;
  private static final String OTHER = "_OTHER";
  private static final Set<String> METHODS =
      Set.of("GET", "HEAD", "POST", "PUT", "DELETE", "PATCH", "OPTIONS", "TRACE", "CONNECT");

  private final Ticker ticker;
  private final DoubleHistogram duration;
  private final Meters.Series durations = new Meters.Series(Metric.HTTP_DURATION);
  private final LongUpDownCounter active;
  private final Meters.Series actives = new Meters.Series(Metric.HTTP_ACTIVE);

  public CallMeters(Meters meters, Ticker ticker) {
    this.ticker = ticker;
    this.duration = meters.histogram(Metric.HTTP_DURATION);
    this.active = meters.upDown(Metric.HTTP_ACTIVE);
  }

  @Override
  public void handle(RoutingContext context) {
    String given = context.request().method().name();
    String method = METHODS.contains(given) ? given : OTHER;
    long begun = ticker.nanos();
    active.add(1, actives.of(method));
    context.addEndHandler(
        _ -> {
          active.add(-1, actives.of(method));
          String route = CallTracer.route(context);
          String status = Integer.toString(context.response().getStatusCode());
          Context above = TraceParents.context(TraceHeaders.of(context.request().headers()));
          duration.record(
              (ticker.nanos() - begun) / SECOND_NANOS,
              durations.of(method, route == null ? "none" : route, status),
              above);
        });
    context.next();
  }
}
