package dev.kanal.scheduler.engine;

import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Outcome.Cancelled;
import dev.kanal.common.job.Outcome.Failed;
import dev.kanal.common.job.Outcome.Lost;
import dev.kanal.common.job.Outcome.Snoozed;
import dev.kanal.common.job.Outcome.Succeeded;
import dev.kanal.common.job.Outcome.TimedOut;
import dev.kanal.common.job.Outcome.Unhandled;
import dev.kanal.common.job.Reason;
import dev.kanal.common.job.RetryPolicy;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.task.LifecycleEvent.DuplicateRun;
import dev.kanal.scheduler.engine.Progress.Counted;
import dev.kanal.scheduler.engine.Transitions.Change;
import java.time.Duration;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** What the end of an attempt means for its job. */
final class OutcomeDecisions {
  private static final Duration SNOOZE_MAX = Duration.ofDays(365);

  private final EngineRules rules;
  private final Transitions transitions;

  OutcomeDecisions(EngineRules rules, Transitions transitions) {
    this.rules = rules;
    this.transitions = transitions;
  }

  void finished(Step step, Finished finished) {
    JobRow row = step.job(finished.run().job());
    if (row == null) {
      return;
    }
    Progress progress = row.progress();
    int dispatch = finished.run().dispatch();
    if (isReportedAgain(step, row, finished)) {
      return;
    }
    if (dispatch < progress.dispatch() || dispatch == progress.endedDispatch()) {
      String worker = finished.run().worker().toString();
      Instant now = Instant.ofEpochMilli(step.nowMs());
      step.add(new Effect.Tell(new DuplicateRun(row.id(), now, dispatch, worker)));
      return;
    }
    if (dispatch == progress.dispatch() && !row.state().isFinal()) {
      step.add(new Effect.Settled(row.id(), dispatch));
      end(step, row, finished);
    }
  }

  /**
   * A worker that was not told whether Kafka took its report sends it again: that is no second run.
   */
  private static boolean isReportedAgain(Step step, JobRow row, Finished finished) {
    Progress progress = row.progress();
    if (progress.ended() == 0 || finished.run().dispatch() != progress.endedDispatch()) {
      return false;
    }
    byte[] last = step.get(Keys.attempt(row.id(), progress.ended() - 1));
    return last != null
        && RowCodec.decodeAttempt(last).worker().equals(finished.run().worker().toString());
  }

  /** The worker that held the job's lease is gone. */
  void lost(Step step, JobRow row, WorkerRef worker) {
    Instant started = Instant.ofEpochMilli(row.progress().sentMs());
    Outcome outcome = new Lost(worker.toString());
    Attempt attempt = attempt(row, worker, outcome, started, Instant.ofEpochMilli(step.nowMs()));
    Change change = ended(step, row, Counted.CRASH, attempt);
    if (change.row().progress().crashes() >= rules.crashLimit()) {
      transitions.finish(step, change, JobState.DEAD, Reason.WORKER_LOST);
    } else {
      transitions.sendStored(step, change);
    }
  }

  private void end(Step step, JobRow row, Finished finished) {
    Outcome outcome = finished.outcome();
    Attempt attempt =
        attempt(row, finished.run().worker(), outcome, finished.startedAt(), finished.finishedAt());
    switch (outcome) {
      case Succeeded(var result) -> {
        step.put(Keys.result(row.id()), result.utf8());
        Change change = ended(step, row, Counted.SUCCESS, attempt);
        transitions.finish(step, change, JobState.SUCCEEDED, null);
      }
      case Failed(_, var retryable) -> failed(step, row, attempt, retryable);
      case TimedOut _, Unhandled _ -> failed(step, row, attempt, true);
      case Snoozed(var delay, _) -> snoozed(step, row, attempt, delay);
      case Cancelled() -> {
        Change change = ended(step, row, Counted.SUCCESS, attempt);
        transitions.finish(step, change, JobState.CANCELLED, null);
      }
      case Lost _ -> lost(step, row, finished.run().worker());
    }
  }

  private void failed(Step step, JobRow row, Attempt attempt, boolean retryable) {
    Change change = ended(step, row, Counted.FAILURE, attempt);
    RetryPolicy retry = row.spec().retry();
    int failures = change.row().progress().failures();
    if (!retryable) {
      transitions.finish(step, change, JobState.DEAD, Reason.NOT_RETRYABLE);
    } else if (failures >= retry.maxAttempts()) {
      transitions.finish(step, change, JobState.DEAD, Reason.ATTEMPTS_EXHAUSTED);
    } else {
      retry(step, change, retry.backoff().after(row.id(), failures));
    }
  }

  private void snoozed(Step step, JobRow row, Attempt attempt, Duration delay) {
    if (row.progress().snoozes() >= rules.snoozesMax()) {
      failed(step, row, attempt, true);
      return;
    }
    Duration atMost = delay.compareTo(SNOOZE_MAX) > 0 ? SNOOZE_MAX : delay;
    retry(step, ended(step, row, Counted.SNOOZE, attempt), atMost);
  }

  private void retry(Step step, Change change, Duration wait) {
    long atMs = step.nowMs() + Math.max(wait.toMillis(), 1);
    JobRow next = change.row().with(change.row().progress().retrying(atMs));
    transitions.saved(step, change.before(), next, change.attempt());
  }

  private static Change ended(Step step, JobRow row, Counted how, Attempt attempt) {
    int sequence = row.progress().ended();
    step.put(Keys.attempt(row.id(), sequence), RowCodec.encode(attempt));
    if (sequence >= Attempt.KEPT) {
      step.delete(Keys.attempt(row.id(), sequence - Attempt.KEPT));
    }
    return new Change(row, row.with(row.progress().ended(how)), attempt);
  }

  private static Attempt attempt(
      JobRow row, WorkerRef worker, Outcome outcome, Instant startedAt, Instant finishedAt) {
    return new Attempt(
        row.progress().attempt(),
        row.progress().dispatch(),
        outcome.text(),
        worker.toString(),
        startedAt,
        finishedAt,
        error(outcome));
  }

  private static @Nullable ErrorInfo error(Outcome outcome) {
    return switch (outcome) {
      case Succeeded _, Cancelled _ -> null;
      case Failed(var error, _) -> error;
      case Snoozed(_, var cause) -> cause;
      case TimedOut(var error) -> error;
      case Unhandled(var type) ->
          new ErrorInfo("unhandled", "Expected a handler for type " + type + ", but none", null);
      case Lost(var worker) ->
          new ErrorInfo(
              "worker-lost",
              "Expected a sign of life of worker " + worker + ", but none came",
              null);
    };
  }
}
