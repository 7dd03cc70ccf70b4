package dev.kanal.scheduler.api.jobs;

import dev.kanal.common.job.JobId;
import dev.kanal.common.unit.Durations;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Paths;
import dev.kanal.scheduler.api.http.Preferences;
import dev.kanal.scheduler.api.http.WaitLimits;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.Duration;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

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
    Duration atMost = wait(request);
    if (atMost == null) {
      Answers.problem(
          request,
          Problem.malformedQuery(
              "Expected wait from PT0S to "
                  + WaitLimits.LONGEST
                  + ", such as 30s, but got "
                  + Quoted.of(String.valueOf(request.getParam("wait")))));
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

  /** How long to wait: {@code ?wait=} goes before {@code Prefer}; null if it makes no sense. */
  private static @Nullable Duration wait(HttpServerRequest request) {
    String text = request.getParam("wait");
    if (text == null) {
      OptionalInt preferred = Preferences.wait(request.headers());
      preferred.ifPresent(
          seconds -> request.response().putHeader("Preference-Applied", "wait=" + seconds));
      return Duration.ofSeconds(preferred.orElse(0));
    }
    try {
      Duration wait = Durations.parse(text);
      return wait.isNegative() || wait.compareTo(WaitLimits.LONGEST) > 0 ? null : wait;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
