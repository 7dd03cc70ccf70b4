package dev.kanal.scheduler.api.jobcommand;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Owner;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.log.LogEntry;
import dev.kanal.scheduler.api.json.Times;
import dev.kanal.scheduler.api.problem.FieldError;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobView;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a client asks of one job. Whether it was done is seen from the job as it stands after the
 * command: a repeat at another node gets the same answer.
 */
sealed interface JobCommand {
  LogEntry entry(JobId job);

  /** The queue by which the job would go on; null if it is to go nowhere, or could not. */
  default @Nullable String queue(JobView before) {
    return null;
  }

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

  /**
   * Runs the job again.
   *
   * @param payload the new one; null leaves the old one
   * @param to the queue where it is run now; null leaves it where it was
   */
  record Retry(@Nullable Instant deadline, @Nullable JsonBytes payload, @Nullable String to)
      implements JobCommand {
    @Override
    public LogEntry entry(JobId job) {
      return payload == null && to == null
          ? new LogEntry.Retry(job, deadline)
          : new LogEntry.RetryChanged(job, deadline, payload, to);
    }

    @Override
    public @Nullable String queue(JobView before) {
      return isRetryable(before) ? to == null ? before.spec().queue() : to : null;
    }

    private static boolean isRetryable(JobView job) {
      return job.spec().owner() == null
          && job.state().isFinal()
          && job.state() != JobState.SUCCEEDED;
    }

    @Override
    public Verdict refusal(JobView job) {
      Owner owner = job.spec().owner();
      if (owner != null) {
        return memberOfFlow(job, owner, "run again");
      }
      return isRetryable(job)
          ? passed(job)
          : conflict("a job that is DEAD, CANCELLED or EXPIRED", job, "");
    }

    /** Besides the deadline, only another queue can keep such a job from being run again. */
    private Verdict passed(JobView job) {
      Instant last = deadline == null ? job.spec().deadline() : deadline;
      if (to != null && !to.equals(job.spec().queue())) {
        return new Verdict.Refused(
            Problem.of(
                ErrorCode.CONFLICT,
                "Expected job " + job.id() + " to be free to leave its queue, but " + bond(job)));
      }
      String detail =
          "Expected a deadline in the future, but "
              + (last == null ? "got none" : Times.format(last) + " has passed");
      return new Verdict.Refused(Problem.invalid(List.of(new FieldError("/deadline", detail))));
    }

    private String bond(JobView job) {
      if (job.spec().key() != null) {
        return "its key \"" + job.spec().key().value() + "\" belongs to the queue";
      }
      return job.spec().idempotency() != null
          ? "its idempotency key belongs to the queue"
          : "a handler of it may still run, its deadline has passed, or " + to + " is limited";
    }
  }

  /**
   * Gives a job that waits another time.
   *
   * @param due by this node's clock
   * @param pointer to the field that says so
   */
  record Reschedule(StartTime start, Instant due, String pointer) implements JobCommand {
    @Override
    public LogEntry entry(JobId job) {
      return new LogEntry.Reschedule(job, start);
    }

    @Override
    public Verdict refusal(JobView job) {
      Instant deadline = job.spec().deadline();
      return switch (job.state()) {
        case SCHEDULED, BLOCKED, RETRYING ->
            deadline != null && !deadline.isAfter(due)
                ? new Verdict.Refused(
                    Problem.invalid(
                        List.of(
                            new FieldError(
                                pointer,
                                "Expected a start before the job's deadline at "
                                    + Times.format(deadline)
                                    + ", but got "
                                    + Times.format(due)))))
                : conflict("a job that waits", job, ", and its task may be with a worker");
        case QUEUED, RUNNING, SUCCEEDED, DEAD, CANCELLED, EXPIRED ->
            conflict(
                "a job that waits for its time, its next attempt, its key or a limit", job, "");
      };
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
      Owner owner = job.spec().owner();
      if (owner != null) {
        return memberOfFlow(job, owner, "deleted");
      }
      return job.state().isFinal()
          ? conflict("a job whose handler has ended", job, ", and a handler of it may still run")
          : conflict("a job that has ended", job, ": cancel it first");
    }
  }

  private static Verdict memberOfFlow(JobView job, Owner owner, String done) {
    return new Verdict.Refused(
        Problem.of(
            ErrorCode.MEMBER_OF_FLOW,
            "Expected a job of its own, but job "
                + job.id()
                + " is "
                + done
                + " with its flow "
                + owner.id()));
  }

  private static Verdict conflict(String expected, JobView job, String more) {
    return new Verdict.Refused(
        Problem.of(
            ErrorCode.CONFLICT,
            "Expected " + expected + ", but job " + job.id() + " is " + job.state() + more));
  }
}
