package dev.kanal.worker.trace;

import dev.kanal.common.context.AttemptTrace;
import dev.kanal.common.task.Past;
import dev.kanal.common.task.Past.Wait;
import dev.kanal.common.task.Task;
import dev.kanal.common.telemetry.Meters;
import dev.kanal.common.telemetry.SpanKeys;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.common.telemetry.TraceParents;
import dev.kanal.worker.lane.TaskRunner;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.SpanContext;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** Begins the spans of attempts. Usable from any thread. */
public final class TaskTracer {
  /** Makes no spans. */
  public static final TaskTracer OFF = new TaskTracer(Telemetry.NONE, Duration.ZERO);

  private static final Attributes TO_ORIGIN = Attributes.of(SpanKeys.LINK, SpanKeys.LINK_ORIGIN);
  private static final Attributes TO_PREVIOUS =
      Attributes.of(SpanKeys.LINK, SpanKeys.LINK_PREVIOUS);

  private final Telemetry telemetry;
  private final Duration newTraceAfter;
  private final TaskMeters meters;

  /**
   * Reports to {@code telemetry}.
   *
   * @param newTraceAfter an attempt for which its job has waited longer begins a new trace
   */
  public TaskTracer(Telemetry telemetry, Duration newTraceAfter) {
    this.telemetry = telemetry;
    this.newTraceAfter = newTraceAfter;
    this.meters = new TaskMeters(new Meters(telemetry));
  }

  /**
   * An attempt begins: the spans of its waits are made, and its own span begins.
   *
   * @param at by the worker's clock
   */
  public TaskSpan begin(Task task, TaskRunner.Origin origin, Instant at) {
    TaskSpan span = spanOf(task, origin, at);
    meters.began(task, origin, at, span.context());
    return span;
  }

  private TaskSpan spanOf(Task task, TaskRunner.Origin origin, Instant at) {
    var measured = new TaskMeters.Measured(task, origin.queue(), at);
    String parent = task.trace().traceparent();
    boolean decidedAgainst = parent != null && !TraceParents.isSampled(parent);
    if (!telemetry.traces() || decidedAgainst) {
      return TaskSpan.none(meters, measured, task.trace());
    }
    Context above = TraceParents.context(task.trace());
    SpanContext anchor = Span.fromContext(above).getSpanContext();
    Past past = task.past();
    Instant since = past.waits().isEmpty() ? task.enqueuedAt() : past.waits().getFirst().since();
    Duration waited = Duration.between(since, at);
    boolean apart = anchor.isValid() && (past.apart() || waited.compareTo(newTraceAfter) > 0);
    SpanBuilder builder = process(task, origin, at);
    linkPrevious(builder, past);
    if (apart) {
      builder.setParent(TraceParents.newTrace(above)).addLink(anchor, TO_ORIGIN);
      builder.setAttribute(SpanKeys.WAITED, waited.toMillis());
    } else {
      builder.setParent(above);
      if (anchor.isValid()) {
        traceWaits(task, above, at);
      }
    }
    Span span = builder.startSpan();
    if (!span.getSpanContext().isSampled()) {
      var travels = TraceParents.below(span.getSpanContext(), task.trace());
      return TaskSpan.none(meters, measured, travels);
    }
    String text = String.valueOf(TraceParents.text(span.getSpanContext()));
    AttemptTrace trace = new AttemptTrace(text, apart || parent == null ? text : parent);
    var traced =
        new TaskSpan.Traced(telemetry.tracer(), span.storeInContext(above), trace, origin.topic());
    return TaskSpan.of(meters, measured, traced);
  }

  private SpanBuilder process(Task task, TaskRunner.Origin origin, Instant at) {
    return telemetry
        .tracer()
        .spanBuilder("process " + origin.topic())
        .setSpanKind(SpanKind.CONSUMER)
        .setStartTimestamp(at)
        .setAttribute(SpanKeys.SYSTEM, SpanKeys.KAFKA)
        .setAttribute(SpanKeys.OPERATION, "process")
        .setAttribute(SpanKeys.OPERATION_TYPE, "process")
        .setAttribute(SpanKeys.DESTINATION, origin.topic())
        .setAttribute(SpanKeys.PARTITION, Integer.toString(origin.partition()))
        .setAttribute(SpanKeys.OFFSET, origin.offset())
        .setAttribute(SpanKeys.JOB, task.job().toString())
        .setAttribute(SpanKeys.TYPE, task.type())
        .setAttribute(SpanKeys.QUEUE, origin.queue())
        .setAttribute(SpanKeys.ATTEMPT, (long) task.attempt())
        .setAttribute(SpanKeys.DISPATCH, (long) task.dispatch());
  }

  private static void linkPrevious(SpanBuilder builder, Past past) {
    SpanContext previous = TraceParents.span(past.previous(), null);
    if (previous.isValid()) {
      builder.addLink(previous, TO_PREVIOUS);
    }
  }

  private void traceWaits(Task task, Context above, Instant at) {
    List<Wait> waits = task.past().waits();
    for (int i = 0; i < waits.size(); i++) {
      boolean last = i + 1 == waits.size();
      Instant until = last ? task.enqueuedAt() : waits.get(i + 1).since();
      wait(waits.get(i).kind().text(), above, waits.get(i).since(), until);
    }
    wait("queued", above, task.enqueuedAt(), at);
  }

  private void wait(String what, Context above, Instant since, Instant until) {
    telemetry
        .tracer()
        .spanBuilder("wait " + what)
        .setParent(above)
        .setStartTimestamp(since)
        .startSpan()
        .end(until.isBefore(since) ? since : until);
  }
}
