package dev.kanal.scheduler.engine.job;

import static dev.kanal.scheduler.engine.row.Tables.ATTEMPTS;
import static dev.kanal.scheduler.engine.row.Tables.RESULTS;

import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Outcome.Cancelled;
import dev.kanal.common.job.Outcome.Failed;
import dev.kanal.common.job.Outcome.Lost;
import dev.kanal.common.job.Outcome.Parked;
import dev.kanal.common.job.Outcome.Snoozed;
import dev.kanal.common.job.Outcome.Succeeded;
import dev.kanal.common.job.Outcome.TimedOut;
import dev.kanal.common.job.Outcome.Unhandled;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.task.LifecycleEvent.DuplicateRun;
import dev.kanal.scheduler.engine.job.Transitions.Change;
import dev.kanal.scheduler.engine.row.Body;
import dev.kanal.scheduler.engine.row.Gate;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.JobStatus;
import dev.kanal.scheduler.engine.row.JobStatus.Counted;
import dev.kanal.scheduler.engine.row.JobStatus.LeaseState;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.EngineRules;
import dev.kanal.scheduler.engine.step.Step;
import dev.kanal.scheduler.engine.table.KeyCodec.JobPart;
import java.time.Duration;
import java.time.Instant;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the end of an attempt means for its job. */
public final class OutcomeDecisions {
  private static final Duration SNOOZE_MAX = Duration.ofDays(365);

  /** For this long a worker may come that handles the type. */
  static final Duration UNHANDLED_MAX = Duration.ofSeconds(60);

  /** A task that another worker handles may get there next time. */
  static final Duration ANNOUNCED_AGAIN = Duration.ofSeconds(1);

  static final Duration UNANNOUNCED_AGAIN = Duration.ofSeconds(2);

  /** The longest time that a task waits for the next worker when several had no handler for it. */
  static final Duration HAND_ON_MAX = Duration.ofSeconds(2);

  /** Why a worker gives a task back that its handler did not ask to be snoozed. */
  private static final Set<String> HANDED_BACK =
      Set.of("worker-stopped", "lease-lost", "suspect-waits", "handler-busy");

  private final EngineRules rules;
  private final Transitions transitions;
  private final Gates gates;

  public OutcomeDecisions(EngineRules rules, Transitions transitions, Gates gates) {
    this.rules = rules;
    this.transitions = transitions;
    this.gates = gates;
  }

  public void finished(Step step, Finished finished) {
    JobRow row = step.job(finished.run().job());
    if (row == null || isReportedAgain(step, row, finished)) {
      return;
    }
    if (finished.outcome() instanceof Unhandled && TypeDecisions.knowsTypes(step)) {
      handedOn(step, row, finished.run());
      return;
    }
    JobStatus.Sent sent = row.status().sent();
    int dispatch = finished.run().dispatch();
    if (dispatch == sent.dispatch() && !sent.isOver()) {
      step.add(new Effect.Settled(row.id(), dispatch));
      if (row.state().isFinal()) {
        endedTooLate(step, row, finished);
      } else {
        end(step, row, finished);
      }
    } else if (dispatch <= sent.dispatch()) {
      duplicate(step, row, finished);
    }
  }

  /**
   * A worker that does not know whether Kafka took its report sends it again: that is no second
   * run.
   */
  private static boolean isReportedAgain(Step step, JobRow row, Finished finished) {
    int ended = row.status().tries().ended();
    if (ended == 0 || finished.run().dispatch() != row.status().sent().ended()) {
      return false;
    }
    Attempt last = WaitHistories.last(step, row);
    return last != null
        && last.dispatch() == finished.run().dispatch()
        && last.worker().equals(finished.run().worker().toString());
  }

  /** A run that no longer counts has ended; its handler may run on. */
  private void duplicate(Step step, JobRow row, Finished finished) {
    Run run = finished.run();
    Instant now = Instant.ofEpochMilli(step.nowMs());
    String worker = run.worker().toString();
    step.add(new Effect.Event(new DuplicateRun(row.id(), now, run.dispatch(), worker)));
    if (!row.status().lingersAt(run)) {
      return;
    }
    if (finished.stillRunning()) {
      long until = step.nowMs() + rules.lease().toMillis();
      LeaseState lease = LeaseState.of(run.worker(), until).linger();
      transitions.kept(step, Change.of(row).to(row.status().withLease(lease)));
    } else {
      runEnded(step, row);
    }
  }

  /** The job had ended before: by a cancel or its deadline. What its handler did is noted. */
  private void endedTooLate(Step step, JobRow row, Finished finished) {
    Attempt attempt = attempt(step, row, finished);
    Change change =
        ended(step, row, new Ending(Counted.NOTHING, attempt, leaseAfter(step, row, finished)));
    transitions.kept(step, change);
  }

  /** The worker that held the job's lease is gone. */
  void lost(Step step, JobRow row, WorkerRef worker) {
    Instant started = Instant.ofEpochMilli(row.status().sent().atMs());
    Outcome outcome = new Lost(worker.toString());
    Instant now = Instant.ofEpochMilli(step.nowMs());
    Run run = new Run(row.id(), row.status().sent().dispatch(), worker);
    Attempt attempt = attempt(step, row, new Finished(run, started, now, outcome));
    step.add(new Effect.Ran(row.spec().queue(), null, 0, true));
    Change change = ended(step, row, new Ending(Counted.CRASH, attempt, LeaseState.NONE));
    if (change.row().status().tries().crashes() >= rules.crashLimit()) {
      transitions.finish(step, change, JobState.DEAD, Reason.WORKER_LOST);
    } else {
      gates.send(step, change);
    }
  }

  /** A run that had outlived its attempt, or its job, is over. */
  public void runEnded(Step step, JobRow row) {
    Change change = Change.of(row).to(row.status().runEnded());
    if (row.state() == JobState.BLOCKED && row.status().gate() == Gate.RUN) {
      gates.send(step, change);
    } else {
      transitions.kept(step, change);
    }
  }

  /** The job's present attempt has ended. */
  void end(Step step, JobRow row, Finished finished) {
    Outcome outcome = finished.outcome();
    Attempt attempt = attempt(step, row, finished);
    LeaseState left = leaseAfter(step, row, finished);
    if (hasRun(outcome)) {
      boolean failed = outcome instanceof Failed || outcome instanceof TimedOut;
      step.add(new Effect.Ran(row.spec().queue(), attempt, freeSince(row), failed));
    }
    switch (outcome) {
      case Succeeded(var result) -> {
        Change change =
            ended(step, withResult(step, row, result), new Ending(Counted.NOTHING, attempt, left));
        transitions.finish(step, change, JobState.SUCCEEDED, null);
      }
      case Failed(_, var retryable) ->
          failed(step, row, new Ending(Counted.FAILURE, attempt, left), retryable);
      case TimedOut _ -> failed(step, row, new Ending(Counted.FAILURE, attempt, left), true);
      case Unhandled(_, var announced) ->
          unhandled(step, row, new Ending(Counted.UNTRIED, attempt, left), announced);
      case Snoozed(var delay, var cause) -> {
        Counted how = HANDED_BACK.contains(cause.type()) ? Counted.NOTHING : Counted.SNOOZE;
        snoozed(step, row, new Ending(how, attempt, left), delay);
      }
      case Cancelled _ -> {
        Change change = ended(step, row, new Ending(Counted.NOTHING, attempt, left));
        transitions.finish(step, change, JobState.CANCELLED, null);
      }
      case Lost _ -> lost(step, row, finished.run().worker());
      case Parked _ -> throw new IllegalStateException("Expected an end, but it was parked");
    }
  }

  /** Since when the attempt that has just ended might have run: blocked or not. */
  private static long freeSince(JobRow row) {
    JobStatus status = row.status();
    boolean known = row.state() == JobState.QUEUED || row.state() == JobState.RUNNING;
    return known && status.sinceMs() > 0 ? status.sinceMs() : status.sent().atMs();
  }

  /** Whether a handler was called, and came to an end. */
  private static boolean hasRun(Outcome outcome) {
    return switch (outcome) {
      case Succeeded _, Failed _, TimedOut _, Cancelled _ -> true;
      case Snoozed(_, var cause) -> !HANDED_BACK.contains(cause.type());
      case Unhandled _, Lost _, Parked _ -> false;
    };
  }

  /**
   * What is left of the lease when an attempt has ended: nothing, unless its handler ignores the
   * interrupt, or another worker was given the same dispatch.
   */
  private LeaseState leaseAfter(Step step, JobRow row, Finished finished) {
    LeaseState lease = row.status().lease();
    WorkerRef reporter = finished.run().worker();
    if (lease.worker() != null && !lease.isOf(reporter) && !lease.isParked()) {
      Transitions.cancelRun(step, row);
      return lease.linger();
    }
    long until = step.nowMs() + rules.lease().toMillis();
    return finished.stillRunning() ? LeaseState.of(reporter, until).linger() : LeaseState.NONE;
  }

  private void failed(Step step, JobRow row, Ending ending, boolean retryable) {
    Change change = ended(step, row, ending);
    JobRow next = change.row();
    JobStatus.Tries tries = next.status().tries();
    if (row.isPast(step.nowMs()) || isOfDeadline(row, ending.attempt)) {
      transitions.finish(step, change, JobState.EXPIRED, null);
    } else if (!retryable) {
      transitions.finish(step, change, JobState.DEAD, Reason.NOT_RETRYABLE);
    } else if (tries.failures() >= next.maxAttempts()) {
      transitions.finish(step, change, JobState.DEAD, Reason.ATTEMPTS_EXHAUSTED);
    } else {
      int failures = tries.failures() - tries.forgiven();
      retry(step, change, row.spec().retry().backoff().after(row.id(), failures));
    }
  }

  /** The worker's clock may be a little ahead of the log's: its word for the deadline is taken. */
  private static boolean isOfDeadline(JobRow row, Attempt attempt) {
    ErrorInfo error = attempt.error();
    return row.spec().deadline() != null && error != null && error.type().equals("deadline");
  }

  private void snoozed(Step step, JobRow row, Ending ending, Duration delay) {
    boolean tooOften = row.status().tries().snoozes() >= rules.snoozesMax();
    if (tooOften && ending.how == Counted.SNOOZE) {
      failed(step, row, new Ending(Counted.FAILURE, ending.attempt, ending.left), true);
      return;
    }
    Duration atMost = delay.compareTo(SNOOZE_MAX) > 0 ? SNOOZE_MAX : delay;
    retry(step, ended(step, row, ending), atMost);
  }

  /**
   * In a shard that never learned which types workers run, as before there was a way to: not
   * counted while some worker announces the type, or none has for less than {@link #UNHANDLED_MAX}:
   * in a rolling deploy the old workers get tasks that only the new ones can run.
   */
  private void unhandled(Step step, JobRow row, Ending ending, boolean announced) {
    step.add(new Effect.Unhandled(row.spec().queue()));
    long before = row.status().tries().unhandledMs();
    long since = announced ? 0 : before == 0 ? step.nowMs() : before;
    if (since > 0 && step.nowMs() - since >= UNHANDLED_MAX.toMillis()) {
      failed(step, row, new Ending(Counted.FAILURE, ending.attempt, ending.left), true);
      return;
    }
    Change change = ended(step, row, ending);
    Change noted = change.to(change.row().status().unhandledSince(since));
    retry(step, noted, announced ? ANNOUNCED_AGAIN : UNANNOUNCED_AGAIN);
  }

  /**
   * The worker has no handler of the type: that is no attempt. The task goes on to another worker,
   * at once at first and then ever more slowly, or its job waits until there is one. A worker that
   * says so of a task that another one has is ignored.
   */
  private void handedOn(Step step, JobRow row, Run run) {
    JobStatus status = row.status();
    if (!status.sent().isOpen(run) || status.lease().isOfAnother(run.worker())) {
      return;
    }
    step.add(new Effect.Settled(row.id(), run.dispatch()));
    if (row.state().isFinal()) {
      transitions.kept(step, Change.of(row).to(status.runEnded()));
      return;
    }
    step.add(new Effect.Unhandled(row.spec().queue()));
    long before = status.tries().unhandledMs();
    long since = before == 0 ? step.nowMs() : before;
    Change change = Change.of(row).to(status.handedBack(since));
    long wait = before == 0 ? 0 : handOnMs(step.nowMs() - since);
    if (row.state() == JobState.BLOCKED) {
      transitions.kept(step, change);
    } else if (wait == 0 || !TypeDecisions.isHandled(step, row)) {
      gates.send(step, change);
    } else {
      retry(step, change, Duration.ofMillis(wait));
    }
  }

  /** After the first worker no wait, after the next ones half of the time that it has taken. */
  public static long handOnMs(long sinceFirstMs) {
    return Math.clamp(sinceFirstMs / 2, 1, HAND_ON_MAX.toMillis());
  }

  private void retry(Step step, Change change, Duration wait) {
    long atMs = step.nowMs() + Math.max(wait.toMillis(), 1);
    JobStatus waiting = change.row().status().waiting(JobState.RETRYING, atMs, step.nowMs());
    transitions.saved(step, change.to(waiting));
  }

  private static JobRow withResult(Step step, JobRow row, JsonBytes result) {
    if (Body.isSmall(result)) {
      return row.with(row.body().withResult(result));
    }
    step.put(RESULTS, row.id(), result);
    return row;
  }

  private static Change ended(Step step, JobRow row, Ending ending) {
    int sequence = row.status().tries().ended();
    Attempt before = row.body().last();
    if (before != null) {
      step.put(ATTEMPTS, new JobPart(row.id(), sequence - 1), before);
    }
    boolean small = Body.isSmall(ending.attempt);
    if (!small) {
      step.put(ATTEMPTS, new JobPart(row.id(), sequence), ending.attempt);
    }
    if (sequence >= Attempt.KEPT) {
      step.delete(ATTEMPTS, new JobPart(row.id(), sequence - Attempt.KEPT));
    }
    JobRow next = row.with(row.body().withLast(small ? ending.attempt : null));
    return new Change(row, next.with(row.status().ended(ending.how, ending.left)), ending.attempt);
  }

  /**
   * How an attempt ended.
   *
   * @param left what is left of its lease
   */
  private record Ending(Counted how, Attempt attempt, LeaseState left) {}

  private static Attempt attempt(Step step, JobRow row, Finished finished) {
    return new Attempt(
        row.status().tries().attempt(),
        row.status().sent().dispatch(),
        finished.outcome().text(),
        finished.run().worker().toString(),
        finished.startedAt(),
        finished.finishedAt(),
        error(finished.outcome()),
        finished.trace(),
        Instant.ofEpochMilli(row.status().sent().atMs()),
        Instant.ofEpochMilli(step.nowMs()));
  }

  private static @Nullable ErrorInfo error(Outcome outcome) {
    return switch (outcome) {
      case Succeeded _, Parked _ -> null;
      case Cancelled(var error) -> error;
      case Failed(var error, _) -> error;
      case Snoozed(_, var cause) -> cause;
      case TimedOut(var error) -> error;
      case Unhandled(var type, _) ->
          new ErrorInfo("unhandled", "Expected a handler for type " + type + ", but none", null);
      case Lost(var worker) ->
          new ErrorInfo(
              "worker-lost",
              "Expected a sign of life of worker " + worker + ", but none came",
              null);
    };
  }
}
