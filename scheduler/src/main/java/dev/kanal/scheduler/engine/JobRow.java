package dev.kanal.scheduler.engine;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.TraceContext;

/**
 * A job as the store holds it: what never changes, and where it stands. Payload, result and ended
 * attempts are rows of their own.
 *
 * @param spec without its payload
 * @param createdMs the log's time of the submit
 */
record JobRow(JobId id, JobSpec spec, TraceContext trace, long createdMs, Progress progress) {
  JobState state() {
    return progress.state();
  }

  Lane lane() {
    return new Lane(spec.queue(), spec.priority());
  }

  /** When a final job is forgotten. */
  long keptUntilMs() {
    return progress.finishedMs() + spec.retention().of(state()).toMillis();
  }

  JobRow with(Progress next) {
    if (!state().canBecome(next.state()) && state() != next.state()) {
      throw new IllegalStateException(
          "Expected a legal successor of " + state() + ", but got " + next.state());
    }
    return new JobRow(id, spec, trace, createdMs, next);
  }
}
