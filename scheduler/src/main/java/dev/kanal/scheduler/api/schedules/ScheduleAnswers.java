package dev.kanal.scheduler.api.schedules;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.jobs.JobLookup;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.schedules.ScheduleCommand.Verdict;
import dev.kanal.scheduler.engine.query.ScheduleView;
import dev.kanal.scheduler.engine.schedule.ScheduledRun;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import java.time.Duration;
import java.time.InstantSource;

/** Answers what became of a change of a schedule. */
final class ScheduleAnswers {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  /** How long a triggered job may take to its shard before it is answered all the same. */
  private static final int LOOKS_MAX = 250;

  private final Vertx vertx;
  private final JobLookup lookup;
  private final InstantSource clock;

  ScheduleAnswers(Vertx vertx, JobLookup lookup, InstantSource clock) {
    this.vertx = vertx;
    this.lookup = lookup;
    this.clock = clock;
  }

  void answer(HttpServerRequest request, String name, Verdict verdict) {
    switch (verdict) {
      case Verdict.Refused(Problem problem) -> Answers.problem(request, problem);
      case Verdict.Overtaken() -> Answers.problem(request, ScheduleChanges.overtaken());
      case Verdict.Gone() -> Answers.noContent(request);
      case Verdict.Done(ScheduleView schedule, boolean created) -> {
        request.response().putHeader("ETag", Conditions.etag(schedule.revision()));
        if (created) {
          request.response().putHeader("Location", "/v1/schedules/" + name);
        }
        Buffer json = ScheduleWriter.write(schedule, clock.instant());
        Answers.sendJson(request, created ? 201 : 200, json);
      }
      case Verdict.Fired(ScheduledRun run) -> awaitJob(request, run, LOOKS_MAX);
    }
  }

  /** The job is on its way to its shard: once it is there, everybody who asks for it finds it. */
  private void awaitJob(HttpServerRequest request, ScheduledRun run, int looks) {
    JobId job = run.job();
    lookup.find(
        job,
        Duration.ZERO,
        true,
        found -> {
          if (found instanceof JobLookup.Result.Body || looks == 0) {
            request.response().putHeader("Location", "/v1/jobs/" + job);
            Answers.sendJson(request, 202, ScheduleWriter.write(run));
          } else {
            var _ = vertx.setTimer(LOOK_AGAIN.toMillis(), _ -> awaitJob(request, run, looks - 1));
          }
        });
  }
}
