package dev.kanal.scheduler.api.jobcommand;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.BodyReader;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.http.Paths;
import dev.kanal.scheduler.api.jobcommand.JobCommand.Verdict;
import dev.kanal.scheduler.api.jobs.JobLookup;
import dev.kanal.scheduler.api.jobs.JobWriter;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.node.OwnerRouting;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobView;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import org.jspecify.annotations.Nullable;

/** {@code POST /v1/jobs/{id}/…} and {@code DELETE /v1/jobs/{id}}: commands about one job. */
final class JobCommandHandler {
  private final CallThreads threads;
  private final JobReader reader;
  private final OwnerRouting atOwner;

  JobCommandHandler(CallThreads threads, JobReader reader, OwnerRouting atOwner) {
    this.threads = threads;
    this.reader = reader;
    this.atOwner = atOwner;
  }

  /** Makes of a request's body what is to be done, unless it refuses that. */
  interface Reading<T> {
    T read(byte[] body) throws RefusedException;
  }

  /** Does something to a job whose shard this node owns. */
  interface Doing<T> {
    Verdict run(JobId job, T what, Conditions conditions) throws RefusedException;
  }

  /** A call without a body; what comes all the same is not looked at. */
  <T> Handler<RoutingContext> bare(T what, Doing<T> doing) {
    return routing -> {
      JobId job = job(routing);
      if (job != null) {
        run(routing.request(), job, new byte[0], _ -> what, doing);
      }
    };
  }

  /** A call with a body. */
  <T> Handler<RoutingContext> read(BodyReader bodies, Reading<T> reading, Doing<T> doing) {
    return routing -> {
      JobId job = job(routing);
      if (job != null) {
        HttpServerRequest request = routing.request();
        bodies.read(request, body -> run(request, job, body, reading, doing));
      }
    };
  }

  private <T> void run(
      HttpServerRequest request, JobId job, byte[] body, Reading<T> reading, Doing<T> doing) {
    threads.run(
        request,
        () -> {
          T what = reading.read(body);
          return atOwner.answer(
              request,
              job.shard(),
              Buffer.buffer(body),
              () -> answer(doing.run(job, what, Conditions.of(request))));
        });
  }

  /** The job in the path; null if there can be none of this id, which is then answered. */
  private @Nullable JobId job(RoutingContext routing) {
    String text = String.valueOf(routing.pathParam("id"));
    JobId job = Paths.id(text);
    if (job != null && job.shard() < reader.shards()) {
      return job;
    }
    Answers.problem(routing.request(), Problem.noSuchJob(Quoted.of(text)));
    return null;
  }

  private static Answer answer(Verdict verdict) {
    return switch (verdict) {
      case Verdict.Done(JobView job) ->
          Answer.json(200, JobWriter.write(job)).with("ETag", JobLookup.etag(job));
      case Verdict.Gone() -> Answer.noContent();
      case Verdict.Refused(Problem problem) -> Answer.problem(problem);
    };
  }
}
