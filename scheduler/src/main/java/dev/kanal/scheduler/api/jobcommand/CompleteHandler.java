package dev.kanal.scheduler.api.jobcommand;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.LogEntry.Complete;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.BodyReader;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.http.Loops;
import dev.kanal.scheduler.api.http.Paths;
import dev.kanal.scheduler.api.jobcommand.JobCommand.Verdict;
import dev.kanal.scheduler.api.jobs.Commands;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.Answer;
import dev.kanal.scheduler.engine.query.JobView;
import dev.kanal.scheduler.engine.query.TokenStanding;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;

/**
 * {@code POST /v1/jobs/{id}/complete}: ends a parked attempt. Nothing is appended unless the token
 * is right; whoever is quicker than the worker, whose report of the token is still on its way,
 * waits for that.
 */
final class CompleteHandler implements Handler<RoutingContext> {
  /** How often, and how long apart, a token is looked at that nobody has told of yet. */
  static final int LOOKS = 50;

  private static final Duration BETWEEN = Duration.ofMillis(100);
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(BETWEEN.toMillis(), TimeUnit.MILLISECONDS);

  private final Vertx vertx;
  private final JobReader reader;
  private final Commands commands;
  private final OwnerRouting atOwner;
  private final BodyReader bodies;
  private final int resultMax;

  CompleteHandler(
      Vertx vertx, JobReader reader, Commands commands, OwnerRouting atOwner, int resultMax) {
    this.vertx = vertx;
    this.reader = reader;
    this.commands = commands;
    this.atOwner = atOwner;
    this.bodies = new BodyReader(vertx, resultMax + BodyReader.OVERHEAD);
    this.resultMax = resultMax;
  }

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    String text = String.valueOf(routing.pathParam("id"));
    JobId job = Paths.id(text);
    if (job == null || job.shard() >= reader.shards()) {
      Answers.problem(request, Problem.noSuchJob(Quoted.of(text)));
      return;
    }
    bodies.read(
        request,
        body -> {
          switch (CompleteDraft.read(body, resultMax)) {
            case CompleteDraft.Read.Refused(Problem problem) -> Answers.problem(request, problem);
            case CompleteDraft.Read.Ending(var token, var outcome) ->
                complete(request, new Complete(job, token, outcome), Buffer.buffer(body));
          }
        });
  }

  private void complete(HttpServerRequest request, Complete entry, Buffer body) {
    atOwner.handle(
        request,
        entry.job().shard(),
        body,
        () ->
            Loops.then(
                vertx,
                find(entry.job(), _ -> look(entry, LOOKS)),
                verdict ->
                    Failures.guard(request, () -> JobCommandHandler.answer(request, verdict)),
                failure -> Answers.problem(request, Commands.problem(failure))));
  }

  private CompletableFuture<Verdict> look(Complete entry, int looks) {
    return reader
        .token(entry.job(), entry.token())
        .thenCompose(
            standing ->
                switch (standing) {
                  case OPEN -> apply(entry);
                  case EARLY -> looks > 1 ? lookLater(entry, looks - 1) : judge(entry, standing);
                  case USED, WRONG, OVER -> judge(entry, standing);
                });
  }

  private CompletableFuture<Verdict> lookLater(Complete entry, int looks) {
    return CompletableFuture.supplyAsync(() -> looks, LATER).thenCompose(left -> look(entry, left));
  }

  private CompletableFuture<Verdict> apply(Complete entry) {
    return commands
        .apply(entry.job().shard(), entry)
        .thenCompose(_ -> reader.token(entry.job(), entry.token()))
        .thenCompose(standing -> judge(entry, standing));
  }

  private CompletableFuture<Verdict> judge(Complete entry, TokenStanding standing) {
    return find(entry.job(), job -> done(verdict(job, standing)));
  }

  static Verdict verdict(JobView job, TokenStanding standing) {
    return switch (standing) {
      case USED -> new Verdict.Done(job);
      case WRONG ->
          refused(
              ErrorCode.WRONG_TOKEN,
              "Expected the token of the last attempt of job "
                  + job.id()
                  + " that was parked, but got another");
      case OPEN, EARLY, OVER ->
          refused(
              ErrorCode.CONFLICT,
              "Expected an attempt that waits to be completed, but job "
                  + job.id()
                  + " is "
                  + job.state()
                  + " and none does");
    };
  }

  private static Verdict refused(ErrorCode code, String detail) {
    return new Verdict.Refused(Problem.of(code, detail));
  }

  private CompletableFuture<Verdict> find(
      JobId job, Function<JobView, CompletableFuture<Verdict>> then) {
    return reader
        .find(job)
        .thenCompose(
            answer ->
                switch (answer) {
                  case Answer.Missing() ->
                      done(new Verdict.Refused(Problem.noSuchJob(job.toString())));
                  case Answer.Unavailable(String why) ->
                      done(new Verdict.Refused(Problem.shardUnavailable(why)));
                  case Answer.Found(JobView view) -> then.apply(view);
                });
  }

  private static CompletableFuture<Verdict> done(Verdict verdict) {
    return CompletableFuture.completedFuture(verdict);
  }
}
