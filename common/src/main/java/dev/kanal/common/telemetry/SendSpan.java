package dev.kanal.common.telemetry;

import dev.kanal.common.context.TraceContext;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * The sending of jobs to a topic, under way. Kafka's producers are not instrumented themselves:
 * their sends begin in another thread than the one that asks for them.
 *
 * @param travels what goes with the jobs: they stand below the sending
 */
public record SendSpan(Span span, TraceContext travels) {

  /** No span: the context that came in is passed on. */
  public static SendSpan none(TraceContext travels) {
    return new SendSpan(Span.getInvalid(), travels);
  }

  /**
   * Begins to send.
   *
   * @param above the span that sends
   * @param trace the values that travel, and what travels if there is no span
   */
  public static SendSpan begin(Tracer tracer, Context above, String topic, TraceContext trace) {
    SpanBuilder builder =
        tracer
            .spanBuilder("send " + topic)
            .setSpanKind(SpanKind.PRODUCER)
            .setParent(above)
            .setAttribute(SpanKeys.SYSTEM, SpanKeys.KAFKA)
            .setAttribute(SpanKeys.OPERATION, "send")
            .setAttribute(SpanKeys.OPERATION_TYPE, "send")
            .setAttribute(SpanKeys.DESTINATION, topic);
    Span span = builder.startSpan();
    return new SendSpan(span, TraceParents.below(span.getSpanContext(), trace));
  }

  /** Ends when {@code sent} completes, and returns it. */
  public <T> CompletableFuture<T> endWith(CompletableFuture<T> sent) {
    return span.isRecording() ? sent.whenComplete((_, failure) -> end(failure)) : sent;
  }

  /** Ends; with the failure, if it failed. */
  public void end(@Nullable Throwable failure) {
    if (failure != null) {
      span.setStatus(StatusCode.ERROR);
      span.setAttribute(SpanKeys.ERROR_TYPE, failure.getClass().getName());
    }
    span.end();
  }
}
