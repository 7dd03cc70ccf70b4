package dev.kanal.scheduler.api.schedules;

import static dev.kanal.scheduler.api.door.CallThreads.await;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.jobs.JobLookup;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.api.schedules.ScheduleCommand.Verdict;
import dev.kanal.scheduler.engine.query.ScheduleView;
import dev.kanal.scheduler.engine.schedule.ScheduledRun;
import java.time.Duration;
import java.time.InstantSource;

/** Answers what became of a change of a schedule. */
final class ScheduleAnswers {
  private static final Duration LOOK_AGAIN = Duration.ofMillis(20);

  /** How long a triggered job may take to its shard before it is answered all the same. */
  private static final int LOOKS_MAX = 250;

  private final CallThreads threads;
  private final JobLookup lookup;
  private final InstantSource clock;

  ScheduleAnswers(CallThreads threads, JobLookup lookup, InstantSource clock) {
    this.threads = threads;
    this.lookup = lookup;
    this.clock = clock;
  }

  Answer of(String name, Verdict verdict) throws RefusedException {
    return switch (verdict) {
      case Verdict.Refused(Problem problem) -> Answer.problem(problem);
      case Verdict.Overtaken() -> Answer.problem(ScheduleChanges.overtaken());
      case Verdict.Gone() -> Answer.noContent();
      case Verdict.Done(ScheduleView schedule, boolean created) -> {
        Answer done =
            Answer.json(created ? 201 : 200, ScheduleWriter.write(schedule, clock.instant()))
                .with("ETag", Conditions.etag(schedule.revision()));
        yield created ? done.with("Location", "/v1/schedules/" + name) : done;
      }
      case Verdict.Fired(ScheduledRun run) -> {
        awaitJob(run.job());
        yield Answer.json(202, ScheduleWriter.write(run)).with("Location", "/v1/jobs/" + run.job());
      }
    };
  }

  /** The job is on its way to its shard: once it is there, everybody who asks for it finds it. */
  private void awaitJob(JobId job) throws RefusedException {
    for (int looks = 0; looks < LOOKS_MAX && !isThere(job); looks++) {
      threads.pause(LOOK_AGAIN);
    }
  }

  private boolean isThere(JobId job) throws RefusedException {
    return await(lookup.find(job, Duration.ZERO, true), Failures::internal)
        instanceof JobLookup.Result.Body;
  }
}
