package dev.kanal.scheduler.engine;

import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.task.LifecycleEvent.Transition;
import dev.kanal.common.task.Task;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The moves that several decisions share. Each saves the job, and tells the public record. */
final class Transitions {

  /**
   * Sends the job's next task; blocks the job when its lane is not ready, and ends it when its
   * deadline has passed.
   */
  void send(Step step, Change change, JsonBytes payload) {
    JobRow row = change.row();
    Instant deadline = row.spec().deadline();
    if (deadline != null && deadline.toEpochMilli() <= step.nowMs()) {
      finish(step, change, JobState.EXPIRED, null);
    } else if (step.get(Keys.ready(row.lane())) == null) {
      JobRow next = row.with(row.progress().blocked(step.meta().offset()));
      saved(step, change.before(), next, change.attempt());
    } else {
      JobRow next = row.with(row.progress().sent(step.meta().offset(), step.nowMs()));
      saved(step, change.before(), next, change.attempt());
      step.add(new Effect.Dispatch(next.lane(), task(next, payload)));
    }
  }

  /** The same, with the payload that was stored at submit. */
  void sendStored(Step step, Change change) {
    byte[] payload = step.get(Keys.payload(change.row().id()));
    if (payload == null) {
      throw new IllegalStateException(
          "Expected a payload row of job " + change.row().id() + ", but there is none");
    }
    send(step, change, JsonBytes.wrap(payload));
  }

  /** Ends a job. */
  void finish(Step step, Change change, JobState state, @Nullable Reason reason) {
    JobRow row = change.row();
    JobRow next = row.with(row.progress().finished(state, reason, step.nowMs()));
    saved(step, change.before(), next, change.attempt());
    step.add(new Effect.Settled(row.id(), row.progress().dispatch()));
    step.add(new Effect.Ended(row.id()));
  }

  /**
   * Saves {@code after} and tells the public record of it.
   *
   * @param before as the store has it; not looked at for a job that the store does not have yet
   */
  void saved(Step step, JobRow before, JobRow after, @Nullable Attempt attempt) {
    step.save(step.job(before.id()) == null ? null : before, after);
    Progress progress = after.progress();
    Reason reason = progress.reason();
    WorkerRef holder = progress.holder();
    step.add(
        new Effect.Tell(
            new Transition(
                after.id(),
                Instant.ofEpochMilli(step.nowMs()),
                after.spec().type(),
                after.spec().queue(),
                after.state(),
                progress.attempt(),
                progress.dispatch(),
                attempt == null ? null : attempt.outcome(),
                reason == null ? null : reason.text(),
                attempt != null ? attempt.worker() : holder == null ? null : holder.toString())));
  }

  /**
   * A job about to change.
   *
   * @param before as the store has it
   * @param row with the ended attempt counted
   * @param attempt that has just ended, if one has
   */
  record Change(JobRow before, JobRow row, @Nullable Attempt attempt) {}

  private static Task task(JobRow row, JsonBytes payload) {
    Progress progress = row.progress();
    return new Task(
        row.id(),
        row.spec().type(),
        progress.attempt(),
        progress.dispatch(),
        progress.crashes() > 0,
        false,
        false,
        row.spec().timeout(),
        row.spec().deadline(),
        Instant.ofEpochMilli(progress.sentMs()),
        row.trace(),
        payload);
  }
}
