package dev.kanal.scheduler.api;

import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.job.TraceContext;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.ToShard;
import dev.kanal.scheduler.engine.JobView;
import dev.kanal.scheduler.queues.QueueDirectory.Readiness;
import io.vertx.core.Context;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.OptionalInt;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/jobs}: takes one job, and waits for its end if the client prefers so. */
final class SubmitHandler implements Handler<RoutingContext> {
  private final Vertx vertx;
  private final ApiParts parts;
  private final JobParser parser;
  private final BodyReader bodies;
  private final JobLookup lookup;

  SubmitHandler(
      Vertx vertx, ApiParts parts, JobParser parser, BodyReader bodies, JobLookup lookup) {
    this.vertx = vertx;
    this.parts = parts;
    this.parser = parser;
    this.bodies = bodies;
    this.lookup = lookup;
  }

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    long received = parts.ticker().nanos();
    bodies.read(request, body -> submit(request, body, received));
  }

  private void submit(HttpServerRequest request, byte[] body, long received) {
    Problem header = keyHeaderRefusal(request);
    if (header != null) {
      Answers.problem(request, header);
      return;
    }
    switch (parser.parse(body, 0, body.length)) {
      case JobParser.Parsed.Refused(Problem problem) -> Answers.problem(request, problem);
      case JobParser.Parsed.Job(JobSpec spec) -> append(new Call(request, spec, received));
    }
  }

  static @Nullable Problem keyHeaderRefusal(HttpServerRequest request) {
    return request.getHeader("Idempotency-Key") == null
        ? null
        : Problem.invalid(
            List.of(
                new FieldError(
                    "",
                    "Expected a request without the header Idempotency-Key, which is not supported"
                        + " yet, but got one")));
  }

  private void append(Call call) {
    CompletableFuture<Readiness> ready =
        parts.queues().ensure(call.spec.queue(), call.spec.priority());
    Context loop = vertx.getOrCreateContext();
    JobId id =
        JobId.create(
            parts.random().nextInt(parts.reader().shards()),
            parts.clock().instant(),
            parts.random());
    TraceContext trace = TraceHeaders.of(call.request.headers());
    var _ =
        ready
            .thenCompose(
                readiness ->
                    switch (readiness) {
                      case UNKNOWN -> CompletableFuture.<@Nullable Position>completedFuture(null);
                      case READY -> send(id, call.spec, trace);
                    })
            .whenComplete(
                (position, failure) ->
                    loop.runOnContext(
                        _ ->
                            Failures.guard(
                                call.request,
                                () -> answer(call, new Sent(id, trace, position, failure)))));
  }

  @SuppressWarnings("NullAway") // a position is a position or null
  private CompletableFuture<@Nullable Position> send(JobId id, JobSpec spec, TraceContext trace) {
    return parts
        .log()
        .send(new ToShard(id.shard(), new LogEntry.Submit(id, spec, trace)))
        .thenApply(position -> position);
  }

  private void answer(Call call, Sent sent) {
    if (sent.failure != null) {
      Answers.problem(call.request, sendProblem(sent.failure, sent.id));
    } else if (sent.position == null) {
      Answers.problem(call.request, Problem.unknownQueue(call.spec.queue()));
    } else {
      accepted(call, newJob(call.spec, sent, sent.position.time()));
    }
  }

  /** What a failed send means to the client. */
  static Problem sendProblem(Throwable failure, JobId id) {
    Throwable cause = Failures.unwrap(failure);
    if (!(cause instanceof SendFailedException failed)) {
      return Failures.internal(cause);
    }
    return failed.ambiguous()
        ? Problem.kafkaAmbiguous(id)
        : Problem.kafkaUnavailable(String.valueOf(failed.getMessage()));
  }

  private void accepted(Call call, JobView job) {
    OptionalInt wait = Preferences.wait(call.request.headers());
    if (wait.isEmpty()) {
      answerAccepted(call.request, job);
      return;
    }
    call.request.response().putHeader("Preference-Applied", "wait=" + wait.getAsInt());
    Duration spent = Duration.ofNanos(parts.ticker().nanos() - call.received);
    Duration left = Duration.ofSeconds(wait.getAsInt()).minus(spent);
    if (left.isNegative() || left.isZero()) {
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
  private static JobView newJob(JobSpec spec, Sent sent, Instant createdAt) {
    Instant start =
        switch (spec.start()) {
          case StartTime.Now() -> createdAt;
          case StartTime.After(Duration delay) -> createdAt.plus(delay);
          case StartTime.At(Instant time) -> time;
        };
    boolean later = start.isAfter(createdAt);
    return new JobView(
        sent.id,
        spec,
        sent.trace,
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
        0);
  }

  /** A request under way; {@code received} by the ticker. */
  private record Call(HttpServerRequest request, JobSpec spec, long received) {}

  private record Sent(
      JobId id, TraceContext trace, @Nullable Position position, @Nullable Throwable failure) {}
}
