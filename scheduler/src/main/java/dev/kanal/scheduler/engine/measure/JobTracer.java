package dev.kanal.scheduler.engine.measure;

import dev.kanal.common.job.JobState;
import dev.kanal.common.telemetry.SpanKeys;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.common.telemetry.TraceParents;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.JobStatus;
import io.opentelemetry.api.trace.Span;
import io.opentelemetry.api.trace.SpanBuilder;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.context.Context;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;

/**
 * The engine's part of a job's trace: that it was taken in, and the end of one that no worker
 * reports of. All other spans are the workers'. Usable from any thread.
 */
public final class JobTracer {
  private final Telemetry telemetry;
  private final InstantSource clock;

  public JobTracer(Telemetry telemetry, InstantSource clock) {
    this.telemetry = telemetry;
    this.clock = clock;
  }

  /**
   * The job was taken in.
   *
   * @param appendedMs the log's time of its submit
   */
  public void accepted(JobRow row, long appendedMs) {
    if (telemetry.traces()) {
      Instant now = clock.instant();
      span("decide", row, Instant.ofEpochMilli(appendedMs))
          .startSpan()
          .end(latest(appendedMs, now));
    }
  }

  /** The job ended while it waited, or its worker was lost. */
  public void ended(JobRow before, JobRow after, long appendedMs) {
    if (!telemetry.traces()) {
      return;
    }
    JobStatus.Sent sent = before.status().sent();
    long since = sent.isOver() ? before.createdMs() : sent.atMs();
    Span span =
        span("end", after, Instant.ofEpochMilli(since))
            .setAttribute(SpanKeys.ATTEMPT, (long) after.status().tries().attempt())
            .startSpan();
    JobState state = after.state();
    String why =
        after.status().reason() == null
            ? state.name().toLowerCase(Locale.ROOT)
            : after.status().reason().text();
    if (state != JobState.SUCCEEDED) {
      span.setAttribute(SpanKeys.ERROR_TYPE, why);
    }
    if (state == JobState.DEAD || state == JobState.EXPIRED) {
      span.setStatus(StatusCode.ERROR);
    }
    span.end(latest(since, Instant.ofEpochMilli(appendedMs)));
  }

  private SpanBuilder span(String what, JobRow row, Instant start) {
    Context parent = TraceParents.context(row.trace());
    return telemetry
        .tracer()
        .spanBuilder(what + " " + row.spec().queue())
        .setParent(parent)
        .setStartTimestamp(start)
        .setAttribute(SpanKeys.JOB, row.id().toString())
        .setAttribute(SpanKeys.TYPE, row.spec().type())
        .setAttribute(SpanKeys.QUEUE, row.spec().queue())
        .setAttribute(SpanKeys.STATE, row.state().name());
  }

  /** Clocks of two machines may differ a little: no span ends before it begins. */
  private static Instant latest(long startMs, Instant end) {
    Instant start = Instant.ofEpochMilli(startMs);
    return end.isBefore(start) ? start : end;
  }
}
