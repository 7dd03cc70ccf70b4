package dev.kanal.scheduler.api.jobs;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Paths;
import dev.kanal.scheduler.api.http.Preferences;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;

/** {@code GET /v1/jobs/{id}}: a job as it is, or as it ends. */
final class GetJobHandler implements Handler<RoutingContext> {
  private final JobLookup lookup;

  GetJobHandler(JobLookup lookup) {
    this.lookup = lookup;
  }

  @Override
  public void handle(RoutingContext routing) {
    find(routing, false);
  }

  /** Answers another node, for the shards here only; says whether the job has ended, too. */
  void here(RoutingContext routing) {
    find(routing, true);
  }

  private void find(RoutingContext routing, boolean hereOnly) {
    HttpServerRequest request = routing.request();
    String text = String.valueOf(routing.pathParam("id"));
    JobId job = Paths.id(text);
    if (job == null) {
      Answers.problem(request, Problem.noSuchJob(Quoted.of(text)));
      return;
    }
    Duration atMost;
    try {
      atMost = Preferences.waitOf(request);
    } catch (RefusedException e) {
      Answers.problem(request, e.problem());
      return;
    }
    lookup.find(job, atMost, !hereOnly, found -> answer(request, found, hereOnly));
  }

  private static void answer(HttpServerRequest request, JobLookup.Result found, boolean hereOnly) {
    switch (found) {
      case JobLookup.Result.Refused(Problem problem) -> Answers.problem(request, problem);
      case JobLookup.Result.Body body -> {
        if (hereOnly) {
          request.response().putHeader(JobLookup.FINAL, Boolean.toString(body.isFinal()));
        }
        Answers.sendTagged(request, body.etag(), body::json);
      }
    }
  }
}
