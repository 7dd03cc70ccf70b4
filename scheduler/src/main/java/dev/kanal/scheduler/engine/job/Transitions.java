package dev.kanal.scheduler.engine.job;

import dev.kanal.common.control.ControlMessage.CancelRun;
import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.task.LifecycleEvent.Transition;
import dev.kanal.common.telemetry.TraceParents;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.JobStatus;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.Step;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The moves that several decisions share. Each saves the job and publishes the change. */
public final class Transitions {
  private final Ends ends;

  public Transitions(Ends ends) {
    this.ends = ends;
  }

  /** Ends a job: the only way to do so. A worker that may still run it is asked to stop. */
  public void finish(Step step, Change change, JobState state, @Nullable Reason reason) {
    JobRow row = change.row();
    JobRow next = row.with(row.status().finished(state, reason, step.nowMs()));
    saved(step, new Change(change.before(), next, change.attempt()));
    step.add(new Effect.Settled(row.id(), row.status().sent().dispatch()));
    step.add(new Effect.Ended(row.id()));
    ends.note(step, next);
    if (state == JobState.SUCCEEDED || state == JobState.DEAD) {
      step.add(new Effect.Closed(next));
    }
    Attempt attempt = change.attempt();
    if ((attempt == null || attempt.trace() == null)
        && TraceParents.isSampled(row.trace().traceparent())) {
      step.add(new Effect.EndedUnreported(change.before(), next));
    }
    if (next.status().lingers()) {
      cancelRun(step, next);
    }
  }

  /** Tells the workers that a job's dispatches are not to be run any more. */
  static void cancelRun(Step step, JobRow row) {
    int dispatch = row.status().sent().dispatch();
    step.add(new Effect.Control(new CancelRun(row.id(), dispatch)));
  }

  /** Saves a changed job and publishes the change. */
  public void saved(Step step, Change change) {
    JobRow after = kept(step, change);
    JobStatus status = after.status();
    Attempt attempt = change.attempt();
    Reason reason = status.reason();
    WorkerRef holder = status.lease().isParked() ? null : status.lease().worker();
    step.add(
        new Effect.Event(
            new Transition(
                after.id(),
                Instant.ofEpochMilli(step.nowMs()),
                after.spec().type(),
                after.spec().queue(),
                after.state(),
                status.tries().attempt(),
                status.sent().dispatch(),
                attempt == null ? null : attempt.outcome(),
                reason == null ? null : reason.text(),
                attempt != null ? attempt.worker() : holder == null ? null : holder.toString())));
  }

  /**
   * Saves a changed job without telling anybody. The place of its key is given up here: when it is
   * final and its run is known to be over.
   */
  JobRow kept(Step step, Change change) {
    JobRow after = change.row();
    JobStatus status = after.status();
    if (status.holdsKey() && after.state().isFinal() && status.runOver()) {
      after = after.with(status.key(false));
    }
    step.save(step.job(after.id()) == null ? null : change.before(), after);
    return after;
  }

  /**
   * A job about to change.
   *
   * @param before as the store has it; not looked at for a job that the store does not have yet
   * @param row as it will be
   * @param attempt that has just ended, if one has
   */
  public record Change(JobRow before, JobRow row, @Nullable Attempt attempt) {
    public static Change of(JobRow row) {
      return new Change(row, row, null);
    }

    public Change to(JobStatus next) {
      return new Change(before, row.with(next), attempt);
    }
  }
}
