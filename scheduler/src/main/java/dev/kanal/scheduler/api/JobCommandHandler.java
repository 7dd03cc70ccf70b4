package dev.kanal.scheduler.api;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.JobCommand.Verdict;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.Answer;
import dev.kanal.scheduler.engine.query.JobView;
import dev.kanal.scheduler.queues.QueueDirectory;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import java.util.function.BiConsumer;

/** {@code POST /v1/jobs/{id}/…} and {@code DELETE /v1/jobs/{id}}: commands about one job. */
final class JobCommandHandler implements Handler<RoutingContext> {
  private final Parts with;
  private final Reading reading;

  JobCommandHandler(Parts with, Reading reading) {
    this.with = with;
    this.reading = reading;
  }

  /** What every command works with. */
  record Parts(
      Vertx vertx, JobReader reader, Commands commands, AtOwner atOwner, QueueDirectory queues) {}

  /** Reads a command from its request, unless it refuses that; hands the body on, too. */
  interface Reading {
    void read(HttpServerRequest request, BiConsumer<JobCommand, Buffer> then);

    /** A command without a body; what comes all the same is not looked at. */
    static Reading of(JobCommand command) {
      return (_, then) -> then.accept(command, Buffer.buffer());
    }
  }

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    String text = String.valueOf(routing.pathParam("id"));
    JobId job = Paths.id(text);
    if (job == null || job.shard() >= with.reader.shards()) {
      Answers.problem(request, Problem.noSuchJob(Quoted.of(text)));
      return;
    }
    reading.read(
        request,
        (command, body) ->
            with.atOwner.handle(
                request,
                job.shard(),
                body,
                () ->
                    Loops.then(
                        with.vertx,
                        run(job, command, Conditions.of(request)),
                        verdict -> Failures.guard(request, () -> answer(request, verdict)),
                        failure -> Answers.problem(request, Commands.problem(failure)))));
  }

  private CompletableFuture<Verdict> run(JobId job, JobCommand command, Conditions conditions) {
    return with.reader
        .find(job)
        .thenCompose(
            before ->
                switch (before) {
                  case Answer.Missing() -> done(missing(job));
                  case Answer.Unavailable(String why) ->
                      done(new Verdict.Refused(Problem.shardUnavailable(why)));
                  case Answer.Found(JobView view) when !conditions.allow(JobLookup.etag(view)) ->
                      done(new Verdict.Refused(Conditions.unmet("job", JobLookup.etag(view))));
                  case Answer.Found(JobView view) ->
                      seeToQueue(view, command)
                          .thenCompose(
                              refused ->
                                  refused.isPresent() ? done(refused.get()) : apply(job, command));
                });
  }

  private CompletableFuture<Verdict> apply(JobId job, JobCommand command) {
    return with.commands
        .apply(job.shard(), command.entry(job))
        .thenCompose(offset -> judge(job, command, offset));
  }

  /** The queue by which a job goes on is made ready as for a submit, or refused. */
  private CompletableFuture<Optional<Verdict>> seeToQueue(JobView job, JobCommand command) {
    String queue = command.queue(job);
    if (queue == null) {
      return CompletableFuture.completedFuture(Optional.empty());
    }
    return with.queues
        .ensure(queue, job.spec().priority())
        .thenApply(
            readiness ->
                switch (readiness) {
                  case UNKNOWN -> refused(Problem.unknownQueue(queue));
                  case READY ->
                      !queue.equals(job.spec().queue()) && with.queues.settings(queue).limited()
                          ? refused(Problem.limitedQueue(queue))
                          : Optional.empty();
                });
  }

  private static Optional<Verdict> refused(Problem problem) {
    return Optional.of(new Verdict.Refused(problem));
  }

  private CompletableFuture<Verdict> judge(JobId job, JobCommand command, long offset) {
    return with.reader
        .find(job)
        .thenApply(
            after ->
                switch (after) {
                  case Answer.Missing() ->
                      command instanceof JobCommand.Delete ? new Verdict.Gone() : missing(job);
                  case Answer.Unavailable(String why) -> new Verdict.Refused(Commands.late(why));
                  case Answer.Found(JobView view) -> command.verdict(view, offset);
                });
  }

  static void answer(HttpServerRequest request, Verdict verdict) {
    switch (verdict) {
      case Verdict.Done(JobView job) -> {
        request.response().putHeader("ETag", JobLookup.etag(job));
        Answers.sendJson(request, 200, JobWriter.write(job));
      }
      case Verdict.Gone() -> Answers.noContent(request);
      case Verdict.Refused(Problem problem) -> Answers.problem(request, problem);
    }
  }

  private static Verdict missing(JobId job) {
    return new Verdict.Refused(Problem.noSuchJob(job.toString()));
  }

  private static CompletableFuture<Verdict> done(Verdict verdict) {
    return CompletableFuture.completedFuture(verdict);
  }
}
