package dev.kanal.common.telemetry;

import dev.kanal.common.context.TraceContext;
import io.opentelemetry.api.baggage.Baggage;
import io.opentelemetry.api.baggage.BaggageBuilder;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.TraceFlags;
import io.opentelemetry.api.trace.TraceState;
import io.opentelemetry.api.trace.TraceStateBuilder;
import io.opentelemetry.context.Context;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Between the W3C headers that travel with a job and the contexts of the SDK. */
public final class TraceParents {
  private static final int LENGTH = 55;
  private static final int SPAN_AT = 36;
  private static final int FLAGS_AT = 53;

  private TraceParents() {}

  /** The {@code traceparent} of a span, or null of none. */
  public static @Nullable String text(SpanContext span) {
    return span.isValid()
        ? "00-" + span.getTraceId() + "-" + span.getSpanId() + "-" + span.getTraceFlags().asHex()
        : null;
  }

  /** What is passed on below a span: its place, and the values of {@code before}. */
  public static TraceContext below(SpanContext span, TraceContext before) {
    return span.isValid()
        ? new TraceContext(text(span), state(span.getTraceState()), before.baggage())
        : before;
  }

  /** The span that {@code traceparent} names; one that is not valid if it names none. */
  public static SpanContext span(@Nullable String traceparent, @Nullable String tracestate) {
    if (traceparent == null || traceparent.length() < LENGTH) {
      return SpanContext.getInvalid();
    }
    return SpanContext.createFromRemoteParent(
        traceparent.substring(3, 35),
        traceparent.substring(SPAN_AT, 52),
        TraceFlags.fromHex(traceparent, FLAGS_AT),
        state(tracestate));
  }

  /** A context below the span that a job came with, with the values that it came with. */
  public static Context context(TraceContext trace) {
    Context context = Context.root().with(Span.wrap(span(trace.traceparent(), trace.tracestate())));
    if (trace.baggage() == null) {
      return context;
    }
    BaggageBuilder values = Baggage.builder();
    dev.kanal.common.context.Baggage.values(trace.baggage()).forEach(values::put);
    return values.build().storeInContext(context);
  }

  /** Whether the trace that it names is kept. */
  public static boolean isSampled(@Nullable String traceparent) {
    return traceparent != null
        && traceparent.length() >= LENGTH
        && (Character.digit(traceparent.charAt(FLAGS_AT + 1), 16) & 1) == 1;
  }

  /** A context in which a new trace begins that is kept, without what stood above. */
  public static Context newTrace(Context below) {
    return LifeSampler.sampled(below.with(Span.getInvalid()));
  }

  private static @Nullable String state(TraceState state) {
    if (state.isEmpty()) {
      return null;
    }
    StringBuilder text = new StringBuilder();
    state.forEach(
        (key, value) ->
            text.append(text.isEmpty() ? "" : ",").append(key).append('=').append(value));
    return text.toString();
  }

  private static TraceState state(@Nullable String text) {
    if (text == null) {
      return TraceState.getDefault();
    }
    TraceStateBuilder builder = TraceState.builder();
    List<String> members = List.of(text.split(",", -1));
    for (String member : members.reversed()) {
      int equals = member.indexOf('=');
      if (equals > 0) {
        builder.put(member.substring(0, equals).strip(), member.substring(equals + 1).strip());
      }
    }
    return builder.build();
  }
}
