package dev.kanal.worker.lane;

import dev.kanal.common.channel.Topics;
import dev.kanal.common.context.AttemptTrace;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.LogLine;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.task.Task;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** Runs tasks. */
public interface TaskRunner {
  /**
   * Starts the task on a thread of its own and returns at once. The listener is called from any
   * thread, possibly before this returns.
   */
  Running start(Task task, Listener listener);

  /** A task that was started. */
  interface Running {
    /** Interrupts the task, which then ends in its own time. */
    void interrupt(Why why);
  }

  /** Why a task is not to run on. */
  enum Why {
    /** The worker stops. */
    STOP,
    /** The job was cancelled. */
    CANCEL,
    /** Another worker may have the task by now. */
    LEASE_LOST
  }

  /**
   * The end of an attempt.
   *
   * @param stillRunning the handler ignores its interrupt
   */
  record Ending(
      Outcome outcome, Instant startedAt, Instant finishedAt, boolean stillRunning, Traced traced) {
    /** The end of an attempt that was not traced. */
    public Ending(Outcome outcome, Instant startedAt, Instant finishedAt, boolean stillRunning) {
      this(outcome, startedAt, finishedAt, stillRunning, Traced.NOT);
    }
  }

  /** An attempt's place in traces. */
  interface Traced {
    /** The place of an attempt that is in no trace. */
    Traced NOT =
        new Traced() {
          @Override
          public @Nullable AttemptTrace trace() {
            return null;
          }

          @Override
          public void taken() {}
        };

    /** Its place in traces; null if it is not traced. */
    @Nullable AttemptTrace trace();

    /** Kafka has the outcome. */
    void taken();
  }

  /** Where a task came from. */
  record Origin(String topic, int partition, long offset) {
    public String queue() {
      return Topics.queueOf(topic);
    }
  }

  /** A job that a task submits. */
  record Submission(String name, JobId child, JobSpec spec, TraceContext trace, boolean detached) {}

  /** Receives how a task goes. */
  interface Listener {
    /** The topic, partition and offset of the task. */
    Origin origin();

    /** The queue through which the task came. */
    default String queue() {
      return origin().queue();
    }

    /** How the attempt ended; exactly once. The handler may still run. */
    void finished(Ending ending);

    /** The handler runs no longer; once, after {@link #finished}. */
    void ended();

    /**
     * The progress of the task.
     *
     * @return false if that cannot be accepted now
     */
    boolean progressed(JobProgress progress);

    /** Whether lines can be accepted now; the last lines of a task always are. */
    boolean takesLines();

    /** Lines of the task's log; completes once Kafka has them. One at a time. Never fails. */
    CompletableFuture<Void> logged(long before, int omitted, List<LogLine> lines);

    /** A job that the task submits; completes once Kafka has it. */
    CompletableFuture<Void> submits(Submission child);
  }
}
