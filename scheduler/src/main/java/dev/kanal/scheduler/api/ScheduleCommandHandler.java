package dev.kanal.scheduler.api;

import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.scheduler.api.ScheduleCommand.Verdict;
import dev.kanal.scheduler.engine.ScheduleReader.Answer;
import dev.kanal.scheduler.engine.ScheduleView;
import dev.kanal.scheduler.engine.ScheduledRun;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;
import java.util.function.Function;

/** Calls that change one schedule, each answered by the node that owns its shard. */
final class ScheduleCommandHandler implements Handler<RoutingContext> {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  /** How long a triggered job may take to its shard before it is answered all the same. */
  private static final int LOOKS_MAX = 250;

  private final ScheduleParts with;
  private final Reading reading;

  ScheduleCommandHandler(ScheduleParts with, Reading reading) {
    this.with = with;
    this.reading = reading;
  }

  /** Reads a command from its request, unless it refuses that; hands the body on, too. */
  interface Reading {
    void read(HttpServerRequest request, BiConsumer<ScheduleCommand, Buffer> then);
  }

  /** Reads a schedule from the body, and makes its job's queue ready. */
  static Reading puts(ScheduleParts with, BodyReader bodies, LimitsConfig limits) {
    return (request, then) ->
        bodies.read(
            request,
            body -> {
              ApiParts parts = with.parts();
              switch (ScheduleDraft.parse(
                  body,
                  limits,
                  parts.clock().instant(),
                  queue -> parts.queues().settings(queue).defaults())) {
                case ScheduleDraft.Parsed.Refused(Problem problem) ->
                    Answers.problem(request, problem);
                case ScheduleDraft.Parsed.Schedule(var spec) -> {
                  var put =
                      new ScheduleCommand.Put(
                          spec, IfMatch.of(request.headers()), TraceHeaders.of(request.headers()));
                  ensure(with, request, spec.job(), () -> then.accept(put, Buffer.buffer(body)));
                }
              }
            });
  }

  private static void ensure(
      ScheduleParts with, HttpServerRequest request, JobSpec job, Runnable ready) {
    Loops.then(
        with.vertx(),
        with.parts().queues().ensure(job.queue(), job.priority()),
        readiness ->
            Failures.guard(
                request,
                () -> {
                  switch (readiness) {
                    case UNKNOWN -> Answers.problem(request, Problem.unknownQueue(job.queue()));
                    case READY -> ready.run();
                  }
                }),
        failure -> Answers.problem(request, SubmitHandler.queueProblem(failure)));
  }

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    String name = with.name(routing);
    if (name == null) {
      return;
    }
    reading.read(
        request,
        (command, body) ->
            with.atOwner()
                .handle(
                    request,
                    with.shardOf(name),
                    body,
                    () ->
                        Loops.then(
                            with.vertx(),
                            run(name, command),
                            verdict ->
                                Failures.guard(request, () -> answer(request, name, verdict)),
                            failure -> Answers.problem(request, Commands.problem(failure)))));
  }

  private CompletableFuture<Verdict> run(String name, ScheduleCommand command) {
    return with.parts()
        .schedules()
        .find(name)
        .thenCompose(
            before ->
                switch (before) {
                  case Answer.Unavailable(String why) ->
                      done(new Verdict.Refused(Problem.shardUnavailable(why)));
                  case Answer.Missing() ->
                      command instanceof ScheduleCommand.Put
                          ? apply(name, command, false)
                          : done(new Verdict.Refused(ScheduleParts.missing(name)));
                  case Answer.Found _ -> apply(name, command, true);
                });
  }

  private CompletableFuture<Verdict> apply(String name, ScheduleCommand command, boolean existed) {
    return with.commands()
        .apply(with.shardOf(name), command.entry(name))
        .thenCompose(
            offset ->
                with.parts()
                    .schedules()
                    .find(name)
                    .thenApply(after -> verdict(command, existed, after, offset)));
  }

  private static Verdict verdict(
      ScheduleCommand command, boolean existed, Answer after, long offset) {
    return switch (after) {
      case Answer.Unavailable(String why) -> new Verdict.Refused(Commands.late(why));
      case Answer.Missing() -> command.verdict(existed, null, offset);
      case Answer.Found(ScheduleView view) -> command.verdict(existed, view, offset);
    };
  }

  private void answer(HttpServerRequest request, String name, Verdict verdict) {
    switch (verdict) {
      case Verdict.Refused(Problem problem) -> Answers.problem(request, problem);
      case Verdict.Gone() -> Answers.noContent(request);
      case Verdict.Done(ScheduleView schedule, boolean created) -> {
        request.response().putHeader("ETag", IfMatch.etag(schedule.revision()));
        if (created) {
          request.response().putHeader("Location", "/v1/schedules/" + name);
        }
        Buffer json = ScheduleWriter.write(schedule, with.parts().clock().instant());
        Answers.sendJson(request, created ? 201 : 200, json);
      }
      case Verdict.Fired(ScheduledRun run) -> awaitJob(request, run, LOOKS_MAX);
    }
  }

  /** The job is on its way to its shard: once it is there, everybody who asks for it finds it. */
  private void awaitJob(HttpServerRequest request, ScheduledRun run, int looks) {
    JobId job = run.job();
    with.lookup()
        .find(
            job,
            Duration.ZERO,
            true,
            found -> {
              if (found instanceof JobLookup.Result.Body || looks == 0) {
                request.response().putHeader("Location", "/v1/jobs/" + job);
                Answers.sendJson(request, 202, ScheduleWriter.write(run));
              } else {
                var _ =
                    with.vertx()
                        .setTimer(LOOK_AGAIN.toMillis(), _ -> awaitJob(request, run, looks - 1));
              }
            });
  }

  private static CompletableFuture<Verdict> done(Verdict verdict) {
    return CompletableFuture.completedFuture(verdict);
  }

  /** A command without a body, whose conditions stand in the headers. */
  static Reading bare(Function<HttpServerRequest, ScheduleCommand> command) {
    return (request, then) -> then.accept(command.apply(request), Buffer.buffer());
  }
}
