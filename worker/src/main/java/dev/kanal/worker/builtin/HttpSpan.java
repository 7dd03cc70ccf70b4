package dev.kanal.worker.builtin;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.http.HttpUrl;
import dev.kanal.common.telemetry.SpanKeys;
import dev.kanal.common.telemetry.TraceParents;
import dev.kanal.worker.Context;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;

/**
 * The span of one request.
 *
 * @param travels what the request carries
 */
record HttpSpan(Span span, TraceContext travels) {
  private static final int ERRORS_FROM = 400;

  static HttpSpan begin(Context context, HttpCall call) {
    HttpUrl url = call.url();
    Span span =
        context
            .tracer()
            .spanBuilder(call.method())
            .setSpanKind(SpanKind.CLIENT)
            .setAttribute(SpanKeys.HTTP_METHOD, call.method())
            .setAttribute(SpanKeys.URL_FULL, url.toString())
            .setAttribute(SpanKeys.SERVER_ADDRESS, url.host())
            .setAttribute(SpanKeys.SERVER_PORT, (long) url.port())
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

  /** Without the message, which may repeat what a service answered. */
  void failed(Throwable why) {
    span.setStatus(StatusCode.ERROR);
    span.setAttribute(SpanKeys.ERROR_TYPE, why.getClass().getName());
    span.end();
  }
}
