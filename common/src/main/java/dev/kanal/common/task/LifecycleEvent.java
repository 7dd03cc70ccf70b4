package dev.kanal.common.task;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A change of a job, for other systems. */
public sealed interface LifecycleEvent {
  JobId job();

  /** The time of the engine: that of the log record that made it happen. */
  Instant at();

  /**
   * The job is in a state now.
   *
   * @param attempt of the task sent last; 0 before the first
   * @param dispatch of the task sent last; 0 before the first
   * @param outcome of the attempt that has just ended, if one has
   * @param reason of a final state, if it has one
   * @param worker that reported, if one did
   */
  record Transition(
      JobId job,
      Instant at,
      String type,
      String queue,
      JobState state,
      int attempt,
      int dispatch,
      @Nullable String outcome,
      @Nullable String reason,
      @Nullable String worker)
      implements LifecycleEvent {}

  /** A worker reported an outcome that no longer counts: the job was run more than once. */
  record DuplicateRun(JobId job, Instant at, int dispatch, String worker)
      implements LifecycleEvent {}
}
