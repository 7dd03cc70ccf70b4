package dev.kanal.scheduler.api.door;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.telemetry.SpanKeys;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.common.telemetry.TraceParents;
import dev.kanal.scheduler.api.http.NodeHeaders;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.http.TraceHeaders;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/**
 * Makes a span of each call. The call goes on as if it had come with that span: what reads the
 * request's trace headers afterwards, another node included, stands below it. Probes and streams of
 * events make none, nor do nodes that ask each other.
 */
public final class CallTracer implements Handler<RoutingContext> {
  private static final String ROUTE = "kanal.route";

  private final Telemetry telemetry;

  public CallTracer(Telemetry telemetry) {
    this.telemetry = telemetry;
  }

  /** The route of a call, once it is known; what nodes ask each other has one name. */
  static void routed(RoutingContext context, Route route) {
    context.put(ROUTE, route.isInternal() ? "internal" : route.path());
  }

  /** The route of a call; null of one that has none. */
  static @Nullable String route(RoutingContext context) {
    return context.get(ROUTE);
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (telemetry.traces() && isTraced(request)) {
      begin(context, request);
    }
    context.next();
  }

  private void begin(RoutingContext context, HttpServerRequest request) {
    TraceContext came = TraceHeaders.of(request.headers());
    Span span =
        telemetry
            .tracer()
            .spanBuilder(request.method().name())
            .setSpanKind(SpanKind.SERVER)
            .setParent(TraceParents.context(came))
            .setAttribute(SpanKeys.HTTP_METHOD, request.method().name())
            .setAttribute(SpanKeys.URL_PATH, request.path())
            .setAttribute(SpanKeys.URL_SCHEME, "http")
            .startSpan();
    TraceContext goesOn = TraceParents.below(span.getSpanContext(), came);
    put(request, "traceparent", goesOn.traceparent());
    put(request, "tracestate", goesOn.tracestate());
    if (span.isRecording()) {
      context.addEndHandler(_ -> end(context, span));
    }
  }

  private static void end(RoutingContext context, Span span) {
    int status = context.response().getStatusCode();
    String route = route(context);
    if (route != null) {
      span.updateName(context.request().method().name() + " " + route);
      span.setAttribute(SpanKeys.HTTP_ROUTE, route);
    }
    span.setAttribute(SpanKeys.HTTP_STATUS, (long) status);
    if (status >= 500) {
      span.setStatus(StatusCode.ERROR);
      span.setAttribute(SpanKeys.ERROR_TYPE, Integer.toString(status));
    }
    span.end();
  }

  private static void put(HttpServerRequest request, String name, @Nullable String value) {
    if (value != null) {
      request.headers().set(name, value);
    }
  }

  private static boolean isTraced(HttpServerRequest request) {
    String path = request.path();
    boolean asked = NodeHeaders.isForwarded(request);
    boolean traced = request.getHeader("traceparent") != null;
    return path != null
        && path.startsWith("/v1/")
        && !path.endsWith("/events")
        && (!asked || traced);
  }
}
