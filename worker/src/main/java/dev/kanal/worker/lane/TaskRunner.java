package dev.kanal.worker.lane;

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
    /** The worker stops: interrupts the task, which then ends in its own time. */
    void stop();
  }

  /** Is told how a task goes. */
  interface Listener {
    /** How the attempt ended; once, and always. The handler may still run. */
    void finished(Outcome outcome, Instant startedAt, Instant finishedAt);

    /** The handler runs no longer; once, after {@link #finished}. */
    void ended();
  }
}
