package dev.kanal.scheduler.api.jobs;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.telemetry.SendSpan;
import dev.kanal.common.telemetry.SpanKeys;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.http.Later;
import dev.kanal.scheduler.api.http.TraceHeaders;
import dev.kanal.scheduler.api.jobs.RepeatableSubmits.Verdict;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobView;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.Supplier;

/** {@code POST /v1/jobs}: takes one job, and waits for its end if the client prefers so. */
final class SubmitHandler implements Handler<RoutingContext> {
  private final Intake intake;
  private final OwnerRouting atOwner;
  private final SubmitReading reading;
  private final SubmitAnswers answers;

  SubmitHandler(Intake intake, OwnerRouting atOwner, SubmitReading reading, SubmitAnswers answers) {
    this.intake = intake;
    this.atOwner = atOwner;
    this.reading = reading;
    this.answers = answers;
  }

  @Override
  public void handle(RoutingContext routing) {
    reading.read(routing.request(), call -> Answers.when(call.request(), ensure(call)));
  }

  private Future<Answer> ensure(SubmitCall call) {
    JobSpec spec = call.spec();
    return Later.refusing(intake.queues().ensure(spec.queue(), spec.priority()), Failures::noQueue)
        .compose(
            readiness ->
                switch (readiness) {
                  case UNKNOWN -> refuse(Problem.unknownQueue(spec.queue()));
                  case READY -> place(call);
                });
  }

  private Future<Answer> place(SubmitCall call) {
    int shard = intake.placement().shardOf(call.spec());
    JobId id = intake.log().newId(shard);
    if (call.spec().idempotency() == null) {
      return admit(call, shard, () -> append(call, id));
    }
    return atOwner.later(
        call.request(), shard, call.body(), () -> admit(call, shard, () -> submitOnce(call, id)));
  }

  private Future<Answer> admit(SubmitCall call, int shard, Supplier<Future<Answer>> then) {
    return Later.of(intake.admission().admit(shard, call.spec(), call.preferredWait()))
        .compose(
            admitted ->
                admitted ? then.get() : refuse(intake.admission().full(call.spec().queue())));
  }

  private Future<Answer> append(SubmitCall call, JobId id) {
    SendSpan sending = sending(call.request(), id);
    TraceContext trace = sending.travels();
    return Later.refusing(
            sending.endWith(intake.log().append(id, call.spec(), trace)),
            failure -> SubmitLog.problem(failure, id))
        .compose(
            position -> answers.accepted(call, newJob(id, call.spec(), trace, position.time())));
  }

  private SendSpan sending(HttpServerRequest request, JobId id) {
    SendSpan sending = intake.log().begin(TraceHeaders.of(request.headers()));
    if (sending.span().isRecording()) {
      sending.span().setAttribute(SpanKeys.JOB, id.toString());
    }
    return sending;
  }

  /** Of all submits with an idempotency key, one makes a job. */
  private Future<Answer> submitOnce(SubmitCall call, JobId id) {
    SendSpan sending = sending(call.request(), id);
    return Later.of(sending.endWith(intake.repeatable().submit(id, call.spec(), sending.travels())))
        .compose(
            verdict ->
                switch (verdict) {
                  case Verdict.Refused(Problem problem) -> refuse(problem);
                  case Verdict.Taken(JobId job) -> answers.once(call, job, 202);
                  case Verdict.Replayed(JobId job) ->
                      answers
                          .once(call, job, 200)
                          .map(answer -> answer.with("Idempotency-Replayed", "true"));
                });
  }

  private static Future<Answer> refuse(Problem problem) {
    return Future.succeededFuture(Answer.problem(problem));
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
