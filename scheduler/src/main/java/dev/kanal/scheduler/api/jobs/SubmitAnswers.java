package dev.kanal.scheduler.api.jobs;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobView;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;

/** Answers submits that were taken, at the end of their jobs if the clients prefer to wait. */
final class SubmitAnswers {
  private final JobLookup lookup;

  SubmitAnswers(JobLookup lookup) {
    this.lookup = lookup;
  }

  /** Answers a submit with an idempotency key: with the job that the key means. */
  void once(SubmitCall call, JobId job, int status) {
    lookup.find(
        job,
        call.preferredWait(),
        false,
        found -> {
          switch (found) {
            case JobLookup.Result.Body body -> {
              int now = body.isFinal() && call.waits() ? 200 : status;
              answerJob(call.request(), job, now, body);
            }
            case JobLookup.Result.Refused(Problem problem) ->
                Answers.problem(
                    call.request(),
                    problem.code() == ErrorCode.NOT_FOUND ? RepeatableSubmits.gone() : problem);
          }
        });
  }

  /** Answers a submit whose job is new. */
  void accepted(SubmitCall call, JobView job) {
    Duration left = call.preferredWait();
    if (left.isZero()) {
      answerAccepted(call.request(), job);
      return;
    }
    lookup.find(
        job.id(),
        left,
        true,
        found -> {
          switch (found) {
            case JobLookup.Result.Body body ->
                answerJob(call.request(), job.id(), body.isFinal() ? 200 : 202, body);
            case JobLookup.Result.Refused _ -> answerAccepted(call.request(), job);
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
}
