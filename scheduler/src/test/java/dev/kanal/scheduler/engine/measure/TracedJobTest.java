package dev.kanal.scheduler.engine.measure;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.clock.ManualClocks;
import dev.kanal.common.context.AttemptTrace;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.log.LogEntry.PutSchedule;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.schedule.Cadence;
import dev.kanal.common.schedule.Precondition;
import dev.kanal.common.schedule.ScheduleSpec;
import dev.kanal.common.task.Past;
import dev.kanal.common.task.Past.Kind;
import dev.kanal.common.task.Past.Wait;
import dev.kanal.common.task.Task;
import dev.kanal.common.telemetry.SpanKeys;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.scheduler.engine.shard.ShardStory;
import dev.kanal.scheduler.engine.step.Effect;
import io.opentelemetry.api.trace.StatusCode;
import io.opentelemetry.sdk.OpenTelemetrySdk;
import io.opentelemetry.sdk.testing.exporter.InMemorySpanExporter;
import io.opentelemetry.sdk.trace.SdkTracerProvider;
import io.opentelemetry.sdk.trace.data.SpanData;
import io.opentelemetry.sdk.trace.export.SimpleSpanProcessor;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What the engine hands on, and tells, of a job whose trace is kept. */
final class TracedJobTest {
  private static final String SUBMIT = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
  private static final String FIRST = "00-0af7651916cd43dd8448eb211c80319c-00f067aa0ba902b7-01";
  private static final String LATER = "00-5af7651916cd43dd8448eb211c803195-10f067aa0ba902b7-01";
  private static final TraceContext TRACE = new TraceContext(SUBMIT, "a=b", "tenant=7");
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void aTaskTellsForWhatItsJobWaited() {
    ShardStory story = ShardStory.ready();
    Instant start = story.at();
    JobId job = story.submit(later(), TRACE);
    story.pass(MINUTE);

    Task task = story.nextTask();
    assertEquals(List.of(new Wait(Kind.DELAY, start)), task.past().waits());
    assertEquals(TRACE, task.trace());
    story.fail(task, new AttemptTrace(FIRST, SUBMIT));
    Instant failed = story.at();
    story.pass(MINUTE);

    Task second = story.nextTask();
    assertEquals(new Past(FIRST, false, List.of(new Wait(Kind.RETRY, failed))), second.past());
    assertEquals(TRACE, second.trace());
    AttemptTrace kept = story.view(job).attempts().getFirst().trace();
    assertEquals(new AttemptTrace(FIRST, SUBMIT), kept);
  }

  @Test
  void aTaskIsBelowTheTraceThatItsJobBeganLast() {
    ShardStory story = ShardStory.ready();
    story.submit(later(), TRACE);
    story.pass(MINUTE);
    story.fail(story.nextTask(), new AttemptTrace(LATER, LATER));
    story.pass(MINUTE);

    Task second = story.nextTask();
    assertEquals(LATER, second.past().previous());
    assertEquals(new TraceContext(LATER, null, "tenant=7"), second.trace());
  }

  @Test
  void aTaskSaysThatAUserHasItsJobRunAgain() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit(later(), TRACE);
    story.cancel(job);
    story.append(new Retry(job, null));

    Task task = story.nextTask();
    assertTrue(task.past().apart());
  }

  @Test
  void theJobsOfAScheduleAreLinkedToWhoPutIt_ifThatTraceIsKept() {
    assertEquals(SUBMIT, ofSchedule(TRACE).trace().traceparent());
    assertTrue(ofSchedule(TRACE).past().apart());
    Task unkept = ofSchedule(new TraceContext(SUBMIT.replace("-01", "-00"), null, "tenant=7"));
    assertEquals(new TraceContext(null, null, "tenant=7"), unkept.trace());
  }

  /** The first task of a schedule's job; the schedule is put in this trace. */
  private static Task ofSchedule(TraceContext trace) {
    ShardStory story = ShardStory.ready();
    ScheduleSpec each =
        ScheduleSpec.of(new Cadence.Every(MINUTE), JobSpec.of("report", JsonBytes.of("{}")));
    story.append(new PutSchedule("each", each, Precondition.NONE, trace));
    story.pass(MINUTE.multipliedBy(2));
    Effect.Relay relay =
        story.effects.stream()
            .filter(Effect.Relay.class::isInstance)
            .map(Effect.Relay.class::cast)
            .findFirst()
            .orElseThrow();
    Submit submit = (Submit) relay.entry();
    story.submit(submit.spec(), submit.trace());
    return story.nextTask();
  }

  @Test
  void aTaskSaysNothingOfAJobWhoseTraceIsNotKept() {
    ShardStory story = ShardStory.ready();
    story.submit(later(), new TraceContext(SUBMIT.replace("-01", "-00"), null, null));
    story.pass(MINUTE);

    assertEquals(Past.NONE, story.nextTask().past());
    assertEquals(List.of(), traced(story));
  }

  @Test
  void aJobThatEndsUnrunTellsSo() {
    ShardStory story = ShardStory.ready();
    JobId job = story.submit(later(), TRACE);
    story.pass(Duration.ofSeconds(10));
    story.cancel(job);

    List<Effect> traced = traced(story);
    assertEquals(2, traced.size());
    SpanData span = span((Effect.EndedUnreported) traced.get(1), story.at());
    assertEquals("end default", span.getName());
    assertEquals("0af7651916cd43dd8448eb211c80319c", span.getTraceId());
    assertEquals("b7ad6b7169203331", span.getParentSpanId());
    assertEquals(JobState.CANCELLED.name(), span.getAttributes().get(SpanKeys.STATE));
    assertEquals("cancelled", span.getAttributes().get(SpanKeys.ERROR_TYPE));
    assertEquals(StatusCode.UNSET, span.getStatus().getStatusCode());
    assertEquals(10_000_000_000L, span.getEndEpochNanos() - span.getStartEpochNanos());
  }

  @Test
  void aJobWhoseDeadlinePassesWhileItWaitsTellsSo() {
    ShardStory story = ShardStory.ready();
    story.submit(later().withDeadline(story.at().plusSeconds(5)), TRACE);
    story.pass(MINUTE);

    SpanData span = span((Effect.EndedUnreported) traced(story).getLast(), story.at());
    assertEquals("expired", span.getAttributes().get(SpanKeys.ERROR_TYPE));
    assertEquals(StatusCode.ERROR, span.getStatus().getStatusCode());
  }

  private static JobSpec later() {
    return JobSpec.of("sum", JsonBytes.of("{}")).withStart(new StartTime.After(MINUTE));
  }

  private static List<Effect> traced(ShardStory story) {
    return story.effects.stream()
        .filter(each -> each instanceof Effect.Accepted || each instanceof Effect.EndedUnreported)
        .toList();
  }

  private static SpanData span(Effect.EndedUnreported ended, Instant at) {
    InMemorySpanExporter exporter = InMemorySpanExporter.create();
    try (OpenTelemetrySdk sdk =
        OpenTelemetrySdk.builder()
            .setTracerProvider(
                SdkTracerProvider.builder()
                    .addSpanProcessor(SimpleSpanProcessor.create(exporter))
                    .build())
            .build()) {
      new JobTracer(Telemetry.of(sdk), new ManualClocks().clocks().wall())
          .ended(ended.before(), ended.after(), at.toEpochMilli());
      return exporter.getFinishedSpanItems().getFirst();
    }
  }
}
