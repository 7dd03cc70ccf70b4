package dev.kanal.scheduler.api.jobs;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobView;
import io.vertx.core.Future;
import java.time.Duration;

/** Answers submits that were taken, at the end of their jobs if the clients prefer to wait. */
final class SubmitAnswers {
  private final JobLookup lookup;

  SubmitAnswers(JobLookup lookup) {
    this.lookup = lookup;
  }

  /** Answers a submit with an idempotency key: with the job that the key means. */
  Future<Answer> once(SubmitCall call, JobId job, int status) {
    return lookup
        .find(job, call.preferredWait(), false)
        .map(
            found ->
                switch (found) {
                  case JobLookup.Result.Body body ->
                      job(job, body.isFinal() && call.waits() ? 200 : status, body);
                  case JobLookup.Result.Refused(Problem problem) ->
                      Answer.problem(
                          problem.code() == ErrorCode.NOT_FOUND
                              ? RepeatableSubmits.gone()
                              : problem);
                });
  }

  /** Answers a submit whose job is new. */
  Future<Answer> accepted(SubmitCall call, JobView job) {
    Duration left = call.preferredWait();
    if (left.isZero()) {
      return Future.succeededFuture(accepted(job));
    }
    return lookup
        .find(job.id(), left, true)
        .map(
            found ->
                switch (found) {
                  case JobLookup.Result.Body body ->
                      job(job.id(), body.isFinal() ? 200 : 202, body);
                  case JobLookup.Result.Refused _ -> accepted(job);
                });
  }

  private static Answer job(JobId id, int status, JobLookup.Result.Body body) {
    return Answer.json(status, body.json()).with("Location", "/v1/jobs/" + id);
  }

  private static Answer accepted(JobView job) {
    return Answer.json(202, JobWriter.write(job)).with("Location", "/v1/jobs/" + job.id());
  }
}
