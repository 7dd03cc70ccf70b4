package dev.kanal.scheduler.api.jobcommand;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.http.Loops;
import dev.kanal.scheduler.api.http.Paths;
import dev.kanal.scheduler.api.jobcommand.JobCommand.Verdict;
import dev.kanal.scheduler.api.jobs.Commands;
import dev.kanal.scheduler.api.jobs.JobLookup;
import dev.kanal.scheduler.api.jobs.JobWriter;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobView;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.function.BiConsumer;

/** {@code POST /v1/jobs/{id}/…} and {@code DELETE /v1/jobs/{id}}: commands about one job. */
final class JobCommandHandler implements Handler<RoutingContext> {
  private final Vertx vertx;
  private final JobReader reader;
  private final OwnerRouting atOwner;
  private final JobChanges changes;
  private final Reading reading;

  JobCommandHandler(
      Vertx vertx, JobReader reader, OwnerRouting atOwner, JobChanges changes, Reading reading) {
    this.vertx = vertx;
    this.reader = reader;
    this.atOwner = atOwner;
    this.changes = changes;
    this.reading = reading;
  }

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
    if (job == null || job.shard() >= reader.shards()) {
      Answers.problem(request, Problem.noSuchJob(Quoted.of(text)));
      return;
    }
    reading.read(
        request,
        (command, body) ->
            atOwner.handle(
                request,
                job.shard(),
                body,
                () ->
                    Loops.then(
                        vertx,
                        changes.make(job, command, Conditions.of(request)),
                        verdict -> Failures.guard(request, () -> answer(request, verdict)),
                        failure -> Answers.problem(request, Commands.problem(failure)))));
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
}
