package dev.kanal.worker.trace;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import dev.kanal.common.context.AttemptTrace;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.task.Past;
import dev.kanal.common.task.Suspicion;
import dev.kanal.common.task.Task;
import dev.kanal.common.telemetry.SpanKeys;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.worker.lane.TaskRunner;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

final class TaskTracerTest {
  private static final String TRACE = "0af7651916cd43dd8448eb211c80319c";
  private static final String SUBMIT = "00-" + TRACE + "-b7ad6b7169203331-01";
  private static final String UNSAMPLED = "00-" + TRACE + "-b7ad6b7169203331-00";
  private static final String PREVIOUS = "00-" + TRACE + "-00f067aa0ba902b7-01";
  private static final Instant SENT = Instant.parse("2026-03-01T10:00:00Z");
  private static final Duration BOUND = Duration.ofMinutes(1);
  private static final TaskRunner.Origin ORIGIN =
      new TaskRunner.Origin("kanal.tasks.mail.high", 3, 42);
  private static final Outcome DONE = new Outcome.Succeeded(JsonBytes.NULL);

  private final InMemorySpanExporter exporter = InMemorySpanExporter.create();
  private final OpenTelemetrySdk sdk =
      OpenTelemetrySdk.builder()
          .setTracerProvider(
              SdkTracerProvider.builder()
                  .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                  .build())
          .build();
  private final TaskTracer tracer = new TaskTracer(Telemetry.of(sdk), BOUND);

  @AfterEach
  void close() {
    sdk.close();
  }

  @Test
  void anAttemptStandsBelowTheSubmit_withItsWaits() {
    Past.Wait delay = new Past.Wait(Past.Kind.DELAY, SENT.minusSeconds(50));
    Past.Wait blocked = new Past.Wait(Past.Kind.BLOCKED, SENT.minusSeconds(20));
    Task task = task(SUBMIT, new Past(null, false, List.of(delay, blocked)));

    AttemptTrace trace = run(task, SENT.plusSeconds(2), DONE);

    assertEquals(
        List.of("wait delay", "wait blocked", "wait queued", "process", "settle"), names());
    for (SpanData span : exporter.getFinishedSpanItems()) {
      assertEquals(TRACE, span.getTraceId(), span::getName);
    }
    assertEquals(30, seconds(named("wait delay")));
    assertEquals(20, seconds(named("wait blocked")));
    assertEquals(2, seconds(named("wait queued")));
    assertEquals("b7ad6b7169203331", named("process").getParentSpanId());
    assertEquals(named("process").getSpanId(), named("settle").getParentSpanId());
    assertEquals(SUBMIT, trace.anchor());
    assertEquals(TRACE, trace.traceId());
  }

  @Test
  void anAttemptBeginsATrace_whenItsJobHasWaitedForLongerThanTheBound() {
    Past past = new Past(PREVIOUS, false, List.of(wait(BOUND)));

    AttemptTrace atTheBound = run(task(SUBMIT, past), SENT, DONE);
    assertEquals(TRACE, atTheBound.traceId());
    exporter.reset();
    AttemptTrace trace = run(task(SUBMIT, past), SENT.plusMillis(1), DONE);

    assertNotEquals(TRACE, trace.traceId());
    assertEquals(trace.span(), trace.anchor());
    SpanData process = named("process");
    assertEquals("0000000000000000", process.getParentSpanId());
    assertEquals(List.of("process", "settle"), names());
    assertEquals(60_001, process.getAttributes().get(SpanKeys.WAITED));
    assertEquals(
        List.of("00f067aa0ba902b7", "b7ad6b7169203331"),
        process.getLinks().stream().map(link -> link.getSpanContext().getSpanId()).toList());
    assertEquals(
        List.of(SpanKeys.LINK_PREVIOUS, SpanKeys.LINK_ORIGIN),
        process.getLinks().stream().map(link -> link.getAttributes().get(SpanKeys.LINK)).toList());
  }

  @Test
  void anAttemptBeginsATrace_whenAUserHasItsJobRunAgain() {
    AttemptTrace trace = run(task(SUBMIT, new Past(PREVIOUS, true, List.of())), SENT, DONE);

    assertNotEquals(TRACE, trace.traceId());
    assertEquals(2, named("process").getLinks().size());
  }

  @Test
  void anAttemptBeginsATrace_whenItsJobCameWithoutOne() {
    AttemptTrace trace = run(task(null, Past.NONE), SENT, DONE);

    assertEquals(trace.span(), trace.anchor());
    assertEquals(List.of("process", "settle"), names());
  }

  @Test
  void nothingIsTraced_whenTheTraceOfTheJobIsNotKept() {
    TaskSpan span = tracer.begin(task(UNSAMPLED, Past.NONE), ORIGIN, SENT);
    span.ended(DONE, false, SENT);
    span.taken();

    assertNull(span.trace());
    assertEquals(UNSAMPLED, span.travels().traceparent());
    assertEquals(List.of(), names());
  }

  @Test
  void nothingIsTraced_whenThereIsNoTelemetry() {
    TaskSpan span = TaskTracer.OFF.begin(task(SUBMIT, Past.NONE), ORIGIN, SENT);
    span.ended(DONE, false, SENT);

    assertNull(span.trace());
    assertEquals(SUBMIT, span.travels().traceparent());
  }

  @Test
  void eachOutcomeSaysWhatItWas() {
    ErrorInfo error = new ErrorInfo("java.io.IOException", "ouch", "at x.Y");
    assertEnds(DONE, null, StatusCode.UNSET);
    assertEnds(new Outcome.Failed(error, true), "java.io.IOException", StatusCode.ERROR);
    assertEquals(1, named("process").getEvents().size());
    ErrorInfo late = new ErrorInfo("deadline", "late", null);
    assertEnds(new Outcome.TimedOut(late), "deadline", StatusCode.ERROR);
    assertEnds(new Outcome.Cancelled(), "cancelled", StatusCode.UNSET);
    assertEnds(new Outcome.Snoozed(BOUND, late), "deadline", StatusCode.UNSET);
    assertEnds(new Outcome.Unhandled("mail", false), "unhandled", StatusCode.ERROR);
    assertEnds(new Outcome.Lost("w"), "worker-lost", StatusCode.ERROR);
  }

  private void assertEnds(Outcome outcome, @Nullable String errorType, StatusCode status) {
    exporter.reset();
    run(task(SUBMIT, Past.NONE), SENT, outcome);
    SpanData process = named("process");
    assertEquals(outcome.text(), process.getAttributes().get(SpanKeys.OUTCOME));
    assertEquals(errorType, process.getAttributes().get(SpanKeys.ERROR_TYPE));
    assertEquals(status, process.getStatus().getStatusCode());
    assertEquals(
        "", process.getStatus().getDescription(), "a message may repeat what a service said");
  }

  private AttemptTrace run(Task task, Instant at, Outcome outcome) {
    TaskSpan span = tracer.begin(task, ORIGIN, at);
    span.ended(outcome, false, at.plusMillis(5));
    span.taken();
    return Objects.requireNonNull(span.trace(), "trace");
  }

  private static Past.Wait wait(Duration before) {
    return new Past.Wait(Past.Kind.RETRY, SENT.minus(before));
  }

  private SpanData named(String begin) {
    return exporter.getFinishedSpanItems().stream()
        .filter(each -> each.getName().startsWith(begin))
        .findFirst()
        .orElseThrow();
  }

  /** Without the topic. */
  private List<String> names() {
    return exporter.getFinishedSpanItems().stream()
        .map(each -> each.getName().replace(" kanal.tasks.mail.high", ""))
        .toList();
  }

  private static long seconds(SpanData span) {
    return (span.getEndEpochNanos() - span.getStartEpochNanos()) / 1_000_000_000;
  }

  private static Task task(@Nullable String traceparent, Past past) {
    return new Task(
            JobId.of(0, 1, 1),
            "mail",
            2,
            2,
            Suspicion.NONE,
            false,
            false,
            Duration.ofMinutes(1),
            null,
            SENT,
            new TraceContext(traceparent, null, null),
            JsonBytes.NULL,
            null,
            Past.NONE,
            Duration.ZERO)
        .withPast(past);
  }
}
