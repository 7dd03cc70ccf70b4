package dev.kanal.scheduler.api.jobs;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.telemetry.SendSpan;
import dev.kanal.common.telemetry.SpanKeys;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.http.Loops;
import dev.kanal.scheduler.api.http.TraceHeaders;
import dev.kanal.scheduler.api.jobs.RepeatableSubmits.Verdict;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobView;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/** {@code POST /v1/jobs}: takes one job, and waits for its end if the client prefers so. */
final class SubmitHandler implements Handler<RoutingContext> {
  private final Vertx vertx;
  private final Intake intake;
  private final OwnerRouting atOwner;
  private final SubmitReading reading;
  private final SubmitAnswers answers;

  SubmitHandler(
      Vertx vertx,
      Intake intake,
      OwnerRouting atOwner,
      SubmitReading reading,
      SubmitAnswers answers) {
    this.vertx = vertx;
    this.intake = intake;
    this.atOwner = atOwner;
    this.reading = reading;
    this.answers = answers;
  }

  @Override
  public void handle(RoutingContext routing) {
    reading.read(routing.request(), this::ensure);
  }

  private void ensure(SubmitCall call) {
    Loops.then(
        vertx,
        intake.queues().ensure(call.spec().queue(), call.spec().priority()),
        readiness ->
            Failures.guard(
                call.request(),
                () -> {
                  switch (readiness) {
                    case UNKNOWN ->
                        Answers.problem(call.request(), Problem.unknownQueue(call.spec().queue()));
                    case READY -> place(call);
                  }
                }),
        failure -> Answers.problem(call.request(), Failures.noQueue(failure)));
  }

  private void place(SubmitCall call) {
    int shard = intake.placement().shardOf(call.spec());
    JobId id = intake.log().newId(shard);
    if (call.spec().idempotency() == null) {
      admit(call, shard, () -> append(call, id));
    } else {
      atOwner.handle(
          call.request(), shard, call.body(), () -> admit(call, shard, () -> submitOnce(call, id)));
    }
  }

  private void admit(SubmitCall call, int shard, Runnable then) {
    Loops.then(
        vertx,
        intake.admission().admit(shard, call.spec(), call.preferredWait()),
        admitted -> {
          if (admitted) {
            Failures.guard(call.request(), then);
          } else {
            Answers.problem(call.request(), intake.admission().full(call.spec().queue()));
          }
        },
        failure -> Answers.problem(call.request(), Failures.internal(failure)));
  }

  private void append(SubmitCall call, JobId id) {
    SendSpan sending = sending(call.request(), id);
    TraceContext trace = sending.travels();
    Loops.then(
        vertx,
        sending.endWith(intake.log().append(id, call.spec(), trace)),
        position ->
            Failures.guard(
                call.request(),
                () -> answers.accepted(call, newJob(id, call.spec(), trace, position.time()))),
        failure -> Answers.problem(call.request(), SubmitLog.problem(failure, id)));
  }

  private SendSpan sending(HttpServerRequest request, JobId id) {
    SendSpan sending = intake.log().begin(TraceHeaders.of(request.headers()));
    if (sending.span().isRecording()) {
      sending.span().setAttribute(SpanKeys.JOB, id.toString());
    }
    return sending;
  }

  /** Of all submits with an idempotency key, one makes a job. */
  private void submitOnce(SubmitCall call, JobId id) {
    HttpServerRequest request = call.request();
    SendSpan sending = sending(request, id);
    Loops.then(
        vertx,
        sending.endWith(intake.repeatable().submit(id, call.spec(), sending.travels())),
        verdict ->
            Failures.guard(
                request,
                () -> {
                  switch (verdict) {
                    case Verdict.Refused(Problem problem) -> Answers.problem(request, problem);
                    case Verdict.Taken(JobId job) -> answers.once(call, job, 202);
                    case Verdict.Replayed(JobId job) -> {
                      request.response().putHeader("Idempotency-Replayed", "true");
                      answers.once(call, job, 200);
                    }
                  }
                }),
        failure -> Answers.problem(request, Failures.internal(failure)));
  }

  /** The job as the engine will have it once it has read the command. */
  private static JobView newJob(JobId id, JobSpec spec, TraceContext trace, Instant createdAt) {
    Instant start =
        switch (spec.start()) {
          case StartTime.Now() -> createdAt;
          case StartTime.After(Duration delay) -> createdAt.plus(delay);
          case StartTime.At(Instant time) -> time;
        };
    boolean later = start.isAfter(createdAt);
    return new JobView(
        id,
        spec,
        trace,
        later ? JobState.SCHEDULED : JobState.QUEUED,
        null,
        null,
        createdAt,
        later ? start : null,
        null,
        0,
        List.of(),
        0,
        spec.retry().maxAttempts(),
        false,
        null,
        -1,
        0,
        null);
  }
}
