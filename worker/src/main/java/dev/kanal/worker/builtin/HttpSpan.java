package dev.kanal.worker.builtin;

import dev.kanal.common.job.TraceContext;
import dev.kanal.common.telemetry.SpanKeys;
import dev.kanal.common.telemetry.TraceParents;
import dev.kanal.worker.Context;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import java.net.URI;

/**
 * The span of one request.
 *
 * @param travels what the request carries
 */
record HttpSpan(Span span, TraceContext travels) {
  private static final int ERRORS_FROM = 400;

  static HttpSpan begin(Context context, HttpCall call) {
    URI url = call.url();
    Span span =
        context
            .tracer()
            .spanBuilder(call.method())
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute(SpanKeys.HTTP_METHOD, call.method())
            .setAttribute(SpanKeys.URL_FULL, withoutQuery(url))
            .setAttribute(SpanKeys.SERVER_ADDRESS, url.getHost())
            .setAttribute(SpanKeys.SERVER_PORT, (long) port(url))
            .startSpan();
    boolean kept = span.getSpanContext().isSampled();
    TraceContext trace = context.trace();
    return new HttpSpan(span, kept ? TraceParents.below(span.getSpanContext(), trace) : trace);
  }

  void answered(int status) {
    span.setAttribute(SpanKeys.HTTP_STATUS, (long) status);
    if (status >= ERRORS_FROM) {
      span.setStatus(StatusCode.ERROR);
      span.setAttribute(SpanKeys.ERROR_TYPE, Integer.toString(status));
    }
    span.end();
  }

  void failed(Throwable why) {
    span.setStatus(StatusCode.ERROR, String.valueOf(why.getMessage()));
    span.setAttribute(SpanKeys.ERROR_TYPE, why.getClass().getName());
    span.end();
  }

  private static int port(URI url) {
    return url.getPort() >= 0
        ? url.getPort()
        : "https".equalsIgnoreCase(url.getScheme()) ? 443 : 80;
  }

  /** What stands in a query may be a secret. */
  private static String withoutQuery(URI url) {
    String text = url.toString();
    int query = text.indexOf('?');
    return query < 0 ? text : text.substring(0, query);
  }
}
