package dev.kanal.scheduler.engine.reference;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import org.jspecify.annotations.Nullable;

/** A job as its user knows it, from commands, reports and the public record alone. */
final class ModelJob {
  final JobId id;
  final JobSpec spec;
  @Nullable JobState state;
  long deadlineMs;
  long dueMs;
  int failures;
  int forgiven;
  int snoozes;

  /** Since when workers hand it back that have no handler of its type; 0 if they do not. */
  long unhandledMs;

  int dispatch;

  ModelJob(JobId id, JobSpec spec, long dueMs) {
    this.id = id;
    this.spec = spec;
    this.dueMs = dueMs;
    var deadline = spec.deadline();
    this.deadlineMs = deadline == null ? Long.MAX_VALUE : deadline.toEpochMilli();
  }

  int granted() {
    return forgiven + spec.retry().maxAttempts();
  }

  boolean isFinal() {
    return state != null && state.isFinal();
  }

  @Override
  public String toString() {
    return id + " (" + state + ", dispatch " + dispatch + ", failures " + failures + ")";
  }
}
