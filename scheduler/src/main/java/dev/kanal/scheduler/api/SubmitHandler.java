package dev.kanal.scheduler.api;

import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.job.TraceContext;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.telemetry.SendSpan;
import dev.kanal.common.telemetry.SpanKeys;
import dev.kanal.common.telemetry.TraceParents;
import dev.kanal.scheduler.api.RepeatableSubmits.Verdict;
import dev.kanal.scheduler.engine.query.JobView;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;

/** {@code POST /v1/jobs}: takes one job, and waits for its end if the client prefers so. */
final class SubmitHandler implements Handler<RoutingContext> {
  private final Vertx vertx;
  private final ApiParts parts;
  private final JobParser parser;
  private final BodyReader bodies;
  private final JobLookup lookup;
  private final AtOwner atOwner;
  private final Placement placement;
  private final RepeatableSubmits repeatable;
  private final Admission admission;

  SubmitHandler(Parts with, JobParser parser, BodyReader bodies, JobLookup lookup) {
    this.vertx = with.vertx;
    this.parts = with.api;
    this.atOwner = with.atOwner;
    this.placement = with.placement;
    this.repeatable = with.repeatable;
    this.admission = with.admission;
    this.parser = parser;
    this.bodies = bodies;
    this.lookup = lookup;
  }

  /** What submits of one and of many jobs work with. */
  record Parts(
      Vertx vertx,
      ApiParts api,
      AtOwner atOwner,
      Placement placement,
      RepeatableSubmits repeatable,
      Admission admission) {}

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    long received = parts.ticker().nanos();
    bodies.read(request, body -> submit(request, body, received));
  }

  private void submit(HttpServerRequest request, byte[] body, long received) {
    switch (KeyHeader.of(request.headers())) {
      case KeyHeader.Refused(Problem problem) -> Answers.problem(request, problem);
      case KeyHeader.Key(String key) -> {
        switch (parser.parse(body, 0, body.length, key)) {
          case JobParser.Parsed.Refused(Problem problem) -> Answers.problem(request, problem);
          case JobParser.Parsed.Job(JobSpec spec) ->
              ensure(new Call(request, Buffer.buffer(body), spec, received));
        }
      }
    }
  }

  private void ensure(Call call) {
    Loops.then(
        vertx,
        parts.queues().ensure(call.spec.queue(), call.spec.priority()),
        readiness ->
            Failures.guard(
                call.request,
                () -> {
                  switch (readiness) {
                    case UNKNOWN ->
                        Answers.problem(call.request, Problem.unknownQueue(call.spec.queue()));
                    case READY -> place(call);
                  }
                }),
        failure -> Answers.problem(call.request, Failures.noQueue(failure)));
  }

  private void place(Call call) {
    int shard = placement.shardOf(call.spec);
    JobId id = JobId.create(shard, parts.clock().instant(), parts.random());
    if (call.spec.idempotency() == null) {
      admit(call, shard, () -> append(call, id));
    } else {
      atOwner.handle(
          call.request, shard, call.body, () -> admit(call, shard, () -> submitOnce(call, id)));
    }
  }

  private void admit(Call call, int shard, Runnable then) {
    Loops.then(
        vertx,
        admission.admit(shard, call.spec, preferredWait(call)),
        admitted -> {
          if (admitted) {
            Failures.guard(call.request, then);
          } else {
            Answers.problem(call.request, admission.full(call.spec.queue()));
          }
        },
        failure -> Answers.problem(call.request, Failures.internal(failure)));
  }

  private void append(Call call, JobId id) {
    SendSpan sending = sending(call.request, id);
    TraceContext trace = sending.travels();
    Loops.then(
        vertx,
        sending.endWith(
            parts.log().send(new ToShard(id.shard(), new LogEntry.Submit(id, call.spec, trace)))),
        position ->
            Failures.guard(
                call.request, () -> accepted(call, newJob(id, call.spec, trace, position.time()))),
        failure -> Answers.problem(call.request, sendProblem(failure, id)));
  }

  private SendSpan sending(HttpServerRequest request, JobId id) {
    TraceContext trace = TraceHeaders.of(request.headers());
    if (!parts.telemetry().traces() || !TraceParents.isSampled(trace.traceparent())) {
      return SendSpan.none(trace);
    }
    SendSpan sending =
        SendSpan.begin(
            parts.telemetry().tracer(), TraceParents.context(trace), parts.logTopic(), trace);
    sending.span().setAttribute(SpanKeys.JOB, id.toString());
    return sending;
  }

  /** Of all submits with an idempotency key, one makes a job. */
  private void submitOnce(Call call, JobId id) {
    HttpServerRequest request = call.request;
    SendSpan sending = sending(request, id);
    Loops.then(
        vertx,
        sending.endWith(repeatable.submit(id, call.spec, sending.travels())),
        verdict ->
            Failures.guard(
                request,
                () -> {
                  switch (verdict) {
                    case Verdict.Refused(Problem problem) -> Answers.problem(request, problem);
                    case Verdict.Taken(JobId job) -> answerOnce(call, job, 202);
                    case Verdict.Replayed(JobId job) -> {
                      request.response().putHeader("Idempotency-Replayed", "true");
                      answerOnce(call, job, 200);
                    }
                  }
                }),
        failure -> Answers.problem(request, Failures.internal(failure)));
  }

  private void answerOnce(Call call, JobId job, int status) {
    lookup.find(
        job,
        preferredWait(call),
        false,
        found -> {
          switch (found) {
            case JobLookup.Result.Body body -> {
              int now = body.isFinal() && waits(call) ? 200 : status;
              answerJob(call.request, job, now, body);
            }
            case JobLookup.Result.Refused(Problem problem) ->
                Answers.problem(
                    call.request,
                    problem.code() == ErrorCode.NOT_FOUND ? RepeatableSubmits.gone() : problem);
          }
        });
  }

  /** What a failed send means to the client. */
  static Problem sendProblem(Throwable failure, JobId id) {
    Throwable cause = Failures.unwrap(failure);
    if (!(cause instanceof SendFailedException failed)) {
      return Failures.internal(cause);
    }
    return failed.ambiguous() ? Problem.kafkaAmbiguous(id) : Problem.kafkaUnavailable(failed);
  }

  private void accepted(Call call, JobView job) {
    Duration left = preferredWait(call);
    if (left.isZero()) {
      answerAccepted(call.request, job);
      return;
    }
    lookup.find(
        job.id(),
        left,
        true,
        found -> {
          switch (found) {
            case JobLookup.Result.Body body ->
                answerJob(call.request, job.id(), body.isFinal() ? 200 : 202, body);
            case JobLookup.Result.Refused _ -> answerAccepted(call.request, job);
          }
        });
  }

  private static boolean waits(Call call) {
    return Preferences.wait(call.request.headers()).isPresent();
  }

  /** What is left of the time that the client prefers to wait; zero if it does not. */
  private Duration preferredWait(Call call) {
    OptionalInt wait = Preferences.wait(call.request.headers());
    if (wait.isEmpty()) {
      return Duration.ZERO;
    }
    call.request.response().putHeader("Preference-Applied", "wait=" + wait.getAsInt());
    Duration spent = Duration.ofNanos(parts.ticker().nanos() - call.received);
    Duration left = Duration.ofSeconds(wait.getAsInt()).minus(spent);
    return left.isNegative() ? Duration.ZERO : left;
  }

  private static void answerJob(
      HttpServerRequest request, JobId id, int status, JobLookup.Result.Body body) {
    request.response().putHeader("Location", "/v1/jobs/" + id);
    Answers.sendJson(request, status, body.json());
  }

  private static void answerAccepted(HttpServerRequest request, JobView job) {
    request.response().putHeader("Location", "/v1/jobs/" + job.id());
    Answers.sendJson(request, 202, JobWriter.write(job));
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

  /** A request under way; {@code received} by the ticker. */
  private record Call(HttpServerRequest request, Buffer body, JobSpec spec, long received) {}
}
