package dev.kanal.scheduler.api;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.log.LogEntry;
import dev.kanal.scheduler.engine.JobView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of one job. Whether it was done is told from the job as it stands after the
 * command: a repeat at another node gets the same answer.
 */
sealed interface JobCommand {
  LogEntry entry(JobId job);

  /**
   * What came of it.
   *
   * @param after the job once its shard had applied the command
   * @param offset of the command in the log; if another one took effect later, this one may have,
   *     too, and counts as done
   */
  default Verdict verdict(JobView after, long offset) {
    return after.commandOffset() >= offset ? new Verdict.Done(after) : refusal(after);
  }

  /** What is said of a command that did not take effect. */
  Verdict refusal(JobView job);

  /** An answer. */
  sealed interface Verdict {
    record Done(JobView job) implements Verdict {}

    /** Done, and there is no job any more. */
    record Gone() implements Verdict {}

    record Refused(Problem problem) implements Verdict {}
  }

  /** Ends the job. */
  record Cancel() implements JobCommand {
    @Override
    public LogEntry entry(JobId job) {
      return new LogEntry.Cancel(job, null);
    }

    @Override
    public Verdict refusal(JobView job) {
      return job.state() == JobState.CANCELLED
          ? new Verdict.Done(job)
          : conflict("a job that has not ended", job, "");
    }
  }

  /** Runs the job again. */
  record Retry(@Nullable Instant deadline) implements JobCommand {
    @Override
    public LogEntry entry(JobId job) {
      return new LogEntry.Retry(job, deadline);
    }

    @Override
    public Verdict refusal(JobView job) {
      return switch (job.state()) {
        case DEAD, CANCELLED, EXPIRED -> passed(job);
        case SCHEDULED, BLOCKED, QUEUED, RUNNING, RETRYING, SUCCEEDED ->
            conflict("a job that is DEAD, CANCELLED or EXPIRED", job, "");
      };
    }

    /** Nothing else keeps such a job from being run again. */
    private Verdict passed(JobView job) {
      Instant last = deadline == null ? job.spec().deadline() : deadline;
      String detail =
          "Expected a deadline in the future, but "
              + (last == null ? "got none" : Times.format(last) + " has passed");
      return new Verdict.Refused(Problem.invalid(List.of(new FieldError("/deadline", detail))));
    }
  }

  /** Starts the job now. */
  record RunNow() implements JobCommand {
    @Override
    public LogEntry entry(JobId job) {
      return new LogEntry.RunNow(job);
    }

    @Override
    public Verdict refusal(JobView job) {
      return switch (job.state()) {
        case SCHEDULED, RETRYING -> new Verdict.Done(job); // due already, and about to start
        case BLOCKED, QUEUED, RUNNING, SUCCEEDED, DEAD, CANCELLED, EXPIRED ->
            conflict("a job that waits for its time or its next attempt", job, "");
      };
    }
  }

  /** Forgets the job. */
  record Delete() implements JobCommand {
    @Override
    public LogEntry entry(JobId job) {
      return new LogEntry.Delete(job);
    }

    /** A job that is still there was not deleted, whatever else was done to it. */
    @Override
    public Verdict verdict(JobView after, long offset) {
      return refusal(after);
    }

    @Override
    public Verdict refusal(JobView job) {
      return job.state().isFinal()
          ? conflict("a job whose handler has ended", job, ", and a handler of it may still run")
          : conflict("a job that has ended", job, ": cancel it first");
    }
  }

  private static Verdict conflict(String expected, JobView job, String more) {
    return new Verdict.Refused(
        Problem.of(
            ErrorCode.CONFLICT,
            "Expected " + expected + ", but job " + job.id() + " is " + job.state() + more));
  }
}
