package dev.kanal.scheduler.engine.job;

import static dev.kanal.scheduler.engine.row.Tables.SUBMITTED;

import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Reason;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.telemetry.TraceParents;
import dev.kanal.scheduler.engine.job.Transitions.Change;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.Step;
import org.jspecify.annotations.Nullable;

/**
 * What users ask of one job. A command that cannot be done changes nothing: who asked reads the
 * verdict from the job, whose {@code commandOffset} is that of the last one that took effect.
 */
public final class CommandDecisions {
  private final Transitions transitions;
  private final Gates gates;

  public CommandDecisions(Transitions transitions, Gates gates) {
    this.transitions = transitions;
    this.gates = gates;
  }

  public void submit(Step step, Submit submit) {
    if (step.job(submit.job()) != null || isRepeated(step, submit)) {
      return;
    }
    long now = step.nowMs();
    long startMs = startMs(submit.spec().start(), now);
    JobRow row = JobRow.of(submit.job(), submit.spec(), submit.trace(), now, startMs);
    if (row.spec().tick() == null && TraceParents.isSampled(row.trace().traceparent())) {
      step.add(new Effect.Accepted(row));
    }
    gates.enter(step, Change.of(row));
  }

  static long startMs(StartTime start, long nowMs) {
    return switch (start) {
      case StartTime.Now _ -> nowMs;
      case StartTime.After(var delay) -> nowMs + delay.toMillis();
      case StartTime.At(var time) -> time.toEpochMilli();
    };
  }

  private static boolean isRepeated(Step step, Submit submit) {
    var spec = submit.spec();
    return spec.idempotency() != null && step.has(SUBMITTED, spec);
  }

  public void cancel(Step step, @Nullable JobRow row, @Nullable Reason why) {
    if (row != null && !row.state().isFinal()) {
      Change change = commanded(step, row);
      transitions.finish(step, change, JobState.CANCELLED, why);
    }
  }

  /** A job that waits for its key, too, keeps waiting for that, but no longer for its time. */
  public void runNow(Step step, @Nullable JobRow row) {
    if (row == null || row.status().dueMs() <= step.nowMs()) {
      return;
    }
    Change change = commanded(step, row);
    Change due = change.to(change.row().status().due(step.nowMs()));
    switch (row.state()) {
      case SCHEDULED, RETRYING -> gates.send(step, due);
      case BLOCKED -> transitions.kept(step, due);
      case QUEUED, RUNNING, SUCCEEDED, DEAD, CANCELLED, EXPIRED -> {}
    }
  }

  /** A job of a flow is forgotten with the flow. */
  public void delete(Step step, @Nullable JobRow row) {
    if (row != null && row.spec().owner() == null && canBeForgotten(step, row)) {
      step.remove(row);
    }
  }

  /** A final job keeps its permits while a handler of it may run, and so must be kept itself. */
  public static boolean canBeForgotten(Step step, JobRow row) {
    return row.state().isFinal()
        && (row.status().runOver() || !Gates.holdsPermit(row, step.queue(row.spec().queue())));
  }

  private static Change commanded(Step step, JobRow row) {
    return Change.of(row).to(row.status().commanded(step.meta().offset()));
  }
}
