package dev.kanal.worker.lane;

import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.task.Task;
import java.time.Instant;

/** Runs tasks. */
public interface TaskRunner {
  /**
   * Starts the task on a thread of its own and returns at once. The listener is told from any
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
  record Ending(Outcome outcome, Instant startedAt, Instant finishedAt, boolean stillRunning) {}

  /** Is told how a task goes. */
  interface Listener {
    /** The queue through which the task came. */
    String queue();

    /** How the attempt ended; once, and always. The handler may still run. */
    void finished(Ending ending);

    /** The handler runs no longer; once, after {@link #finished}. */
    void ended();

    /**
     * How far the task is.
     *
     * @return false if that cannot be taken now
     */
    boolean progressed(JobProgress progress);
  }
}
