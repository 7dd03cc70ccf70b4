package dev.kanal.worker.trace;

import dev.kanal.common.context.AttemptTrace;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.telemetry.SendSpan;
import dev.kanal.common.telemetry.SpanKeys;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.common.telemetry.TraceParents;
import dev.kanal.worker.lane.TaskRunner;
import io.opentelemetry.api.common.Attributes;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanKind;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Context;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * The span of one attempt, or none: then everything here does nothing. Usable from any thread;
 * ended once.
 */
public final class TaskSpan implements TaskRunner.Traced {
  private final TaskMeters meters;
  private final TaskMeters.Measured measured;
  private final TraceContext travels;
  private final @Nullable Traced traced;

  /** Written by the thread that ends the attempt, before the end is reported. */
  private volatile Span settle = Span.getInvalid();

  /**
   * The span itself.
   *
   * @param context in which the span is current
   */
  record Traced(Tracer tracer, Context context, AttemptTrace trace, String destination) {}

  private TaskSpan(
      TaskMeters meters,
      TaskMeters.Measured measured,
      TraceContext travels,
      @Nullable Traced traced) {
    this.meters = meters;
    this.measured = measured;
    this.travels = travels;
    this.traced = traced;
  }

  static TaskSpan of(TaskMeters meters, TaskMeters.Measured measured, Traced traced) {
    Span span = Span.fromContext(traced.context);
    TraceContext travels = TraceParents.below(span.getSpanContext(), measured.task().trace());
    return new TaskSpan(meters, measured, travels, traced);
  }

  /** An attempt that is measured, but not traced. */
  static TaskSpan none(TaskMeters meters, TaskMeters.Measured measured, TraceContext travels) {
    return new TaskSpan(meters, measured, travels, null);
  }

  /** What is passed on from the attempt: to its children and in its calls. */
  public TraceContext travels() {
    return travels;
  }

  /** What is current in the handler's thread: the span, and the values that travel along. */
  public Context context() {
    return traced == null ? Context.root() : traced.context;
  }

  /** Makes the spans of what the handler does; a tracer that keeps nothing, if there is no span. */
  public Tracer tracer() {
    return traced == null ? Telemetry.NONE.tracer() : traced.tracer;
  }

  /** The attempt has ended; the report of its outcome begins. */
  public void ended(Outcome outcome, boolean stillRunning, Instant at) {
    meters.ended(measured, outcome, at, context());
    Traced mine = traced;
    if (mine == null) {
      return;
    }
    Span span = Span.fromContext(mine.context);
    span.setAttribute(SpanKeys.OUTCOME, outcome.text());
    if (stillRunning) {
      span.setAttribute(SpanKeys.STILL_RUNNING, true);
    }
    switch (outcome) {
      case Outcome.Succeeded _, Outcome.Parked _ -> {}
      case Outcome.Snoozed(_, var cause) -> span.setAttribute(SpanKeys.ERROR_TYPE, cause.type());
      case Outcome.Cancelled _ -> span.setAttribute(SpanKeys.ERROR_TYPE, "cancelled");
      case Outcome.Failed(var error, _) -> failed(span, error);
      case Outcome.TimedOut(var error) -> failed(span, error);
      case Outcome.Unhandled(var type, _) ->
          failed(span, new ErrorInfo("unhandled", "No handler for " + type, null));
      case Outcome.Lost(var worker) ->
          failed(span, new ErrorInfo("worker-lost", "Worker " + worker + " was lost", null));
    }
    span.end(at);
    settle =
        mine.tracer
            .spanBuilder("settle " + mine.destination)
            .setSpanKind(SpanKind.CLIENT)
            .setParent(mine.context)
            .setStartTimestamp(at)
            .setAttribute(SpanKeys.SYSTEM, SpanKeys.KAFKA)
            .setAttribute(SpanKeys.OPERATION, "settle")
            .setAttribute(SpanKeys.OPERATION_TYPE, "settle")
            .setAttribute(SpanKeys.DESTINATION, mine.destination)
            .startSpan();
  }

  @Override
  public @Nullable AttemptTrace trace() {
    return traced == null ? null : traced.trace;
  }

  @Override
  public void taken() {
    settle.end();
  }

  /** A job that the handler submits: its context stands below the sending. */
  public SendSpan sending(String topic, JobId child, TraceContext unless) {
    Traced mine = traced;
    if (mine == null) {
      return SendSpan.none(unless);
    }
    SendSpan sending = SendSpan.begin(mine.tracer, mine.context, topic, unless);
    sending.span().setAttribute(SpanKeys.JOB, child.toString());
    return sending;
  }

  private static void failed(Span span, ErrorInfo error) {
    span.setStatus(StatusCode.ERROR);
    span.setAttribute(SpanKeys.ERROR_TYPE, error.type());
    String stack = error.stack();
    if (stack != null) {
      span.addEvent(
          "exception",
          Attributes.of(
              SpanKeys.EXCEPTION_TYPE,
              error.type(),
              SpanKeys.EXCEPTION_MESSAGE,
              error.message(),
              SpanKeys.EXCEPTION_STACK,
              stack));
    }
  }
}
