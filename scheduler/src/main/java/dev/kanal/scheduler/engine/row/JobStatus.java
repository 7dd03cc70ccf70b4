package dev.kanal.scheduler.engine.row;

import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.WorkerRef;
import org.jspecify.annotations.Nullable;

/**
 * Where a job stands.
 *
 * @param reason why it ended, if it was not by its own outcome alone
 * @param gate what it waits for while {@code BLOCKED}; else null
 * @param holdsKey it has its key's place: from its admission until it is final and its run is over
 * @param dueMs not to be started before; kept while it is {@code BLOCKED}
 * @param offset log offset at which it was sent or blocked: its place in its channel or line
 * @param sinceMs when it became final; since when it is blocked, or waits for its time or its next
 *     attempt; while it is queued or runs, since when it might have run: its time had come. 0 where
 *     that is not known, as in rows of release 0.1.0
 * @param commandOffset log offset of the last command of a user that took effect; -1 before
 * @param version grows with every change
 */
public record JobStatus(
    JobState state,
    @Nullable Reason reason,
    @Nullable Gate gate,
    Tries tries,
    Sent sent,
    LeaseState lease,
    boolean holdsKey,
    long dueMs,
    long offset,
    long sinceMs,
    long commandOffset,
    long version) {

  /**
   * Attempts so far.
   *
   * @param attempt the number of the attempt sent last; 0 before the first
   * @param failures ended attempts that count
   * @param forgiven of these, the ones before the last retry by a user
   * @param ended ended attempts in all; numbers their rows
   * @param snoozes ended attempts that did not count because the handler asked for time
   * @param losses attempts whose worker was lost, since a handler last came to an end by itself
   * @param crashes lost attempts that count to the crash limit: all but the first in a row
   * @param unhandledMs since when workers hand this attempt back that have no handler of its type;
   *     0 if the last worker had one, or if it has waited for one since
   */
  public record Tries(
      int attempt,
      int failures,
      int forgiven,
      int ended,
      int snoozes,
      int losses,
      int crashes,
      long unhandledMs) {
    static final Tries NONE = new Tries(0, 0, 0, 0, 0, 0, 0, 0);

    Tries sent() {
      return new Tries(
          failures + 1, failures, forgiven, ended, snoozes, losses, crashes, unhandledMs);
    }

    /** A user grants as many attempts as at first; numbering goes on. */
    Tries forgive() {
      return new Tries(attempt, failures, failures, ended, 0, 0, 0, 0);
    }

    Tries ended(Counted how, boolean suspect) {
      boolean crash = how == Counted.CRASH;
      boolean untried = how == Counted.UNTRIED;
      boolean cleared = how == Counted.FAILURE || how == Counted.SNOOZE;
      return new Tries(
          attempt,
          failures + (how == Counted.FAILURE ? 1 : 0),
          forgiven,
          ended + 1,
          snoozes + (how == Counted.SNOOZE ? 1 : 0),
          crash ? losses + 1 : cleared ? 0 : losses,
          crashes + (crash && suspect ? 1 : 0),
          untried ? unhandledMs : 0);
    }

    Tries unhandledSince(long ms) {
      return new Tries(attempt, failures, forgiven, ended, snoozes, losses, crashes, ms);
    }
  }

  /**
   * The task sent last.
   *
   * @param dispatch its number; 0 before the first; never reset
   * @param ended the dispatch of the attempt that ended last; 0 before the first
   * @param atMs the engine's time
   * @param suspect the worker that ran the job before was lost
   */
  public record Sent(int dispatch, int ended, long atMs, boolean suspect) {
    static final Sent NOTHING = new Sent(0, 0, 0, false);

    /** Whether the task has been reported as ended, or counts as such. */
    public boolean isOver() {
      return ended == dispatch;
    }

    /** Whether this is the run of the task, which has not been reported as ended. */
    public boolean isOpen(Run run) {
      return dispatch == run.dispatch() && !isOver();
    }

    Sent next(long nowMs, boolean nextSuspect) {
      return new Sent(dispatch + 1, ended, nowMs, nextSuspect);
    }

    Sent over() {
      return new Sent(dispatch, dispatch, atMs, suspect);
    }
  }

  /**
   * The lease.
   *
   * @param worker that holds it, if one is known
   * @param untilMs when it ends, unless the worker has given a sign of life since
   * @param missed lists of held leases in a row in which it was missing
   * @param lingering the attempt has ended, and a handler of it may still run
   */
  public record LeaseState(
      @Nullable WorkerRef worker, long untilMs, int missed, boolean lingering) {
    public static final LeaseState NONE = new LeaseState(null, 0, 0, false);

    /** Holds the job of an attempt that no worker runs: somebody outside is to complete it. */
    private static final WorkerRef OUTSIDE = new WorkerRef("outside", 0);

    public static LeaseState of(WorkerRef worker, long untilMs) {
      return new LeaseState(worker, untilMs, 0, false);
    }

    public static LeaseState parked(long untilMs) {
      return of(OUTSIDE, untilMs);
    }

    public boolean isParked() {
      return isOf(OUTSIDE);
    }

    public LeaseState until(long newUntilMs) {
      return new LeaseState(worker, newUntilMs, missed, lingering);
    }

    public LeaseState missed(int times) {
      return new LeaseState(worker, untilMs, times, lingering);
    }

    public LeaseState linger() {
      return new LeaseState(worker, untilMs, missed, true);
    }

    public boolean isOf(WorkerRef other) {
      return other.equals(worker);
    }

    public boolean isOfAnother(WorkerRef than) {
      return worker != null && !isOf(than);
    }
  }

  /** As what an ended attempt counts. */
  public enum Counted {
    NOTHING,
    FAILURE,
    SNOOZE,
    CRASH,
    /** No handler was called: what was known of the attempt before stays. */
    UNTRIED
  }

  static JobStatus scheduled(long dueMs, long nowMs) {
    JobState state = JobState.SCHEDULED;
    Tries tries = Tries.NONE;
    Sent sent = Sent.NOTHING;
    return new JobStatus(
        state, null, null, tries, sent, LeaseState.NONE, false, dueMs, 0, nowMs, -1, 1);
  }

  /** Whether no handler of the job can be running any more, as far as the engine knows. */
  public boolean runOver() {
    return sent.isOver() && !lease.lingering();
  }

  /** Whether a run that the job's state does not show may still be out with a worker. */
  public boolean lingers() {
    return state != JobState.QUEUED
        && state != JobState.RUNNING
        && (lease.lingering() || (state.isFinal() && !sent.isOver()));
  }

  /** Whether the job stands in its key's line. */
  public boolean waitsForKey() {
    return state == JobState.BLOCKED && gate == Gate.KEY;
  }

  /** Whether the job stands in its channel's line of blocked jobs. */
  public boolean waitsForQueue() {
    return state == JobState.BLOCKED && gate == Gate.QUEUE;
  }

  /** Whether the job counts against its queue's concurrency. */
  public boolean isOut() {
    return state == JobState.QUEUED || state == JobState.RUNNING || lingers();
  }

  public JobStatus sent(long atOffset, long nowMs) {
    Copy next = new Copy(this).to(JobState.QUEUED);
    next.tries = tries.sent();
    next.sent = sent.next(nowMs, tries.losses() > 0);
    next.lease = LeaseState.NONE;
    next.dueMs = 0;
    next.offset = atOffset;
    next.sinceMs = freeSince(nowMs);
    return next.changed();
  }

  /** Since when the job might have been sent, if it is sent now. */
  private long freeSince(long nowMs) {
    return switch (state) {
      case SCHEDULED, RETRYING, BLOCKED -> {
        long free = Math.max(sinceMs, Math.min(dueMs, nowMs));
        yield free == 0 ? nowMs : free;
      }
      case QUEUED -> sinceMs == 0 ? sent.atMs() : sinceMs;
      case RUNNING, SUCCEEDED, DEAD, CANCELLED, EXPIRED -> nowMs;
    };
  }

  /** One that goes from gate to gate has been blocked all the time. */
  public JobStatus blocked(Gate by, Meta at) {
    Copy next = new Copy(this).to(JobState.BLOCKED);
    next.gate = by;
    next.offset = at.offset();
    next.sinceMs = state == JobState.BLOCKED ? sinceMs : at.nowMs();
    return next.changed();
  }

  public JobStatus leased(LeaseState by) {
    Copy next = new Copy(this);
    next.state = state.isFinal() ? state : JobState.RUNNING;
    next.gate = null;
    next.lease = by;
    return next.changed();
  }

  public JobStatus waiting(JobState until, long atMs, long nowMs) {
    Copy next = new Copy(this).to(until);
    next.dueMs = atMs;
    next.sinceMs = nowMs;
    return next.changed();
  }

  /** A task that was not out with a worker counts as over. */
  public JobStatus finished(JobState finalState, @Nullable Reason why, long nowMs) {
    boolean out = isOut() && !lease.isParked();
    Copy next = new Copy(this).to(finalState);
    next.reason = why;
    next.sent = out ? sent : sent.over();
    next.lease = out ? lease : LeaseState.NONE;
    next.dueMs = 0;
    next.sinceMs = nowMs;
    return next.changed();
  }

  /** The current dispatch has ended; {@code then} is what is left of its lease. */
  public JobStatus ended(Counted how, LeaseState then) {
    return new Copy(this).over(tries.ended(how, sent.suspect()), then);
  }

  public JobStatus unhandledSince(long ms) {
    Copy next = new Copy(this);
    next.tries = tries.unhandledSince(ms);
    return next.same();
  }

  /** A worker had no handler for the task: the dispatch is over, and there was no run. */
  public JobStatus handedBack(long firstMs) {
    return new Copy(this).over(tries.unhandledSince(firstMs), LeaseState.NONE);
  }

  /** Whether a run of this dispatch lingers, at this worker or where it is not known. */
  public boolean lingersAt(Run run) {
    return lease.lingering()
        && sent.dispatch() == run.dispatch()
        && (lease.worker() == null || lease.isOf(run.worker()));
  }

  /** The run that lingered is over. */
  public JobStatus runEnded() {
    return new Copy(this).over(tries, LeaseState.NONE);
  }

  /** The same with another lease; not published as a change of the job. */
  public JobStatus withLease(LeaseState other) {
    Copy next = new Copy(this);
    next.lease = other;
    return next.same();
  }

  public JobStatus key(boolean holds) {
    Copy next = new Copy(this);
    next.key = holds;
    return next.same();
  }

  public JobStatus due(long atMs) {
    Copy next = new Copy(this);
    next.dueMs = atMs;
    return next.same();
  }

  /** The same, as a change that is published. */
  public JobStatus changed() {
    return new Copy(this).changed();
  }

  public JobStatus commanded(long atOffset) {
    Copy next = new Copy(this);
    next.command = atOffset;
    return next.same();
  }

  /**
   * A final job that is to be run again, now. What was sent before does not count any more; if it
   * may still be out, it lingers.
   */
  public JobStatus again(long nowMs) {
    Copy next = new Copy(this).to(JobState.SCHEDULED);
    next.tries = tries.forgive();
    next.sent = sent.over();
    next.lease = lingers() ? lease.linger() : LeaseState.NONE;
    next.dueMs = nowMs;
    next.sinceMs = nowMs;
    return next.changed();
  }

  /** A status that is being changed. One thread. */
  private static final class Copy {
    private final JobStatus from;
    private JobState state;
    private @Nullable Reason reason;
    private @Nullable Gate gate;
    private Tries tries;
    private Sent sent;
    private LeaseState lease;
    private boolean key;
    private long dueMs;
    private long offset;
    private long sinceMs;
    private long command;

    private Copy(JobStatus from) {
      this.from = from;
      this.state = from.state;
      this.reason = from.reason;
      this.gate = from.gate;
      this.tries = from.tries;
      this.sent = from.sent;
      this.lease = from.lease;
      this.key = from.holdsKey;
      this.dueMs = from.dueMs;
      this.offset = from.offset;
      this.sinceMs = from.sinceMs;
      this.command = from.commandOffset;
    }

    /** Another state, with neither reason nor gate yet. */
    private Copy to(JobState next) {
      state = next;
      reason = null;
      gate = null;
      return this;
    }

    /** The current dispatch is over. */
    private JobStatus over(Tries so, LeaseState left) {
      tries = so;
      sent = sent.over();
      lease = left;
      return changed();
    }

    /** As a change that is published. */
    private JobStatus changed() {
      return of(from.version + 1);
    }

    /** As a change that is not published. */
    private JobStatus same() {
      return of(from.version);
    }

    private JobStatus of(long version) {
      return new JobStatus(
          state, reason, gate, tries, sent, lease, key, dueMs, offset, sinceMs, command, version);
    }
  }
}
