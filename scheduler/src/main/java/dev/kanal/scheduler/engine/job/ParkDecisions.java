package dev.kanal.scheduler.engine.job;

import static dev.kanal.scheduler.engine.row.Tables.PARKED;

import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Outcome.Parked;
import dev.kanal.common.log.LogEntry.Complete;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.Run;
import dev.kanal.scheduler.engine.job.Transitions.Change;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.JobStatus.LeaseState;
import dev.kanal.scheduler.engine.row.ParkedRow;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.Step;
import java.time.Instant;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Attempts whose work goes on outside, at nobody's lease: they end by their token or by their time.
 */
public final class ParkDecisions {
  private final Transitions transitions;
  private final OutcomeDecisions outcomes;

  public ParkDecisions(Transitions transitions, OutcomeDecisions outcomes) {
    this.transitions = transitions;
    this.outcomes = outcomes;
  }

  /** A worker has handed its work outside; a run that no longer counts has ended by that. */
  public void parked(Step step, Finished finished, Parked parked) {
    Run run = finished.run();
    JobRow row = step.job(run.job());
    if (row == null || isHeldByOther(row, run)) {
      return;
    }
    boolean current = row.status().sent().isOpen(run);
    if (!current || row.state().isFinal()) {
      if (row.status().lingersAt(run) || (current && row.status().lingers())) {
        step.add(new Effect.Settled(row.id(), run.dispatch()));
        outcomes.runEnded(step, row);
      }
      return;
    }
    step.add(new Effect.Settled(row.id(), run.dispatch()));
    ParkedRow kept = new ParkedRow(run, parked.token(), finished.startedAt(), false);
    step.put(PARKED, row.id(), kept);
    Change change =
        Change.of(row).to(row.status().leased(LeaseState.parked(until(step, row, parked))));
    if (row.state() == JobState.RUNNING) {
      transitions.kept(step, change);
    } else {
      transitions.saved(step, change);
    }
  }

  /** Not beyond the attempt's timeout, whatever the worker's clock says. */
  private static long until(Step step, JobRow row, Parked parked) {
    long atMost = step.nowMs() + row.spec().timeout().toMillis();
    return Math.clamp(parked.until().toEpochMilli(), step.nowMs() + 1, atMost);
  }

  private static boolean isHeldByOther(JobRow row, Run run) {
    return row.status().lease().isOfAnother(run.worker())
        && row.status().sent().dispatch() == run.dispatch();
  }

  /** Changes nothing unless the token is that of the open attempt. */
  public void completed(Step step, Complete complete) {
    JobRow row = step.job(complete.job());
    ParkedRow parked = row == null ? null : row(step, complete);
    if (row != null && parked != null && parked.isOpen(row)) {
      step.put(PARKED, row.id(), parked.asCompleted());
      outcomes.end(step, row, end(step, parked, complete.outcome()));
    }
  }

  private static @Nullable ParkedRow row(Step step, Complete complete) {
    ParkedRow parked = step.get(PARKED, complete.job());
    return parked != null && parked.token().equals(complete.token()) ? parked : null;
  }

  /** Nobody has completed the attempt in its time. */
  void timeUp(Step step, JobRow row) {
    ParkedRow parked = Objects.requireNonNull(step.get(PARKED, row.id()), "parked");
    Instant until = Instant.ofEpochMilli(row.status().lease().untilMs());
    ErrorInfo error =
        new ErrorInfo(
            "timeout",
            "Expected the attempt to be completed before " + until + ", but it was not",
            null);
    outcomes.end(step, row, end(step, parked, new Outcome.TimedOut(error)));
  }

  private static Finished end(Step step, ParkedRow parked, Outcome outcome) {
    Instant now = Instant.ofEpochMilli(step.nowMs());
    return new Finished(parked.run(), parked.startedAt(), now, outcome);
  }
}
