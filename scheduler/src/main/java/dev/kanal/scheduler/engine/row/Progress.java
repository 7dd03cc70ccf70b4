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
 * @param offset log offset at which it was sent or blocked: its place in its lane or line
 * @param sinceMs when it became final; since when it is blocked, or waits for its time or its next
 *     attempt; while it is queued or runs, since when it might have run: its time had come. 0 where
 *     that is not known, as in rows of release 0.1.0
 * @param commandOffset log offset of the last command of a user that took effect; -1 before
 * @param version grows with every change
 */
public record Progress(
    JobState state,
    @Nullable Reason reason,
    @Nullable Gate gate,
    Tries tries,
    Sent sent,
    Hold hold,
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
  public record Hold(@Nullable WorkerRef worker, long untilMs, int missed, boolean lingering) {
    public static final Hold NONE = new Hold(null, 0, 0, false);

    /** Holds the job of an attempt that no worker runs: somebody outside is to complete it. */
    private static final WorkerRef OUTSIDE = new WorkerRef("outside", 0);

    public static Hold of(WorkerRef worker, long untilMs) {
      return new Hold(worker, untilMs, 0, false);
    }

    public static Hold parked(long untilMs) {
      return of(OUTSIDE, untilMs);
    }

    public boolean isParked() {
      return isOf(OUTSIDE);
    }

    public Hold until(long newUntilMs) {
      return new Hold(worker, newUntilMs, missed, lingering);
    }

    public Hold missed(int times) {
      return new Hold(worker, untilMs, times, lingering);
    }

    public Hold linger() {
      return new Hold(worker, untilMs, missed, true);
    }

    public boolean isOf(WorkerRef other) {
      return other.equals(worker);
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

  static Progress scheduled(long dueMs, long nowMs) {
    return new Progress(
        JobState.SCHEDULED,
        null,
        null,
        Tries.NONE,
        Sent.NOTHING,
        Hold.NONE,
        false,
        dueMs,
        0,
        nowMs,
        -1,
        1);
  }

  /** Whether no handler of the job can be running any more, as far as the engine knows. */
  public boolean runOver() {
    return sent.isOver() && !hold.lingering();
  }

  /** Whether a run that the job's state does not tell of may still be out with a worker. */
  public boolean lingers() {
    return state != JobState.QUEUED
        && state != JobState.RUNNING
        && (hold.lingering() || (state.isFinal() && !sent.isOver()));
  }

  /** Whether the job stands in its key's line. */
  public boolean waitsForKey() {
    return state == JobState.BLOCKED && gate == Gate.KEY;
  }

  /** Whether the job stands in its lane's line of blocked jobs. */
  public boolean waitsForQueue() {
    return state == JobState.BLOCKED && gate == Gate.QUEUE;
  }

  /** Whether the job counts against its queue's concurrency. */
  public boolean isOut() {
    return state == JobState.QUEUED || state == JobState.RUNNING || lingers();
  }

  public Progress sent(long atOffset, long nowMs) {
    return new Progress(
        JobState.QUEUED,
        null,
        null,
        tries.sent(),
        sent.next(nowMs, tries.losses() > 0),
        Hold.NONE,
        holdsKey,
        0,
        atOffset,
        freeSince(nowMs),
        commandOffset,
        version + 1);
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
  public Progress blocked(Gate by, Meta at) {
    return new Progress(
        JobState.BLOCKED,
        null,
        by,
        tries,
        sent,
        hold,
        holdsKey,
        dueMs,
        at.offset(),
        state == JobState.BLOCKED ? sinceMs : at.nowMs(),
        commandOffset,
        version + 1);
  }

  public Progress leased(Hold by) {
    JobState next = state.isFinal() ? state : JobState.RUNNING;
    return new Progress(
        next,
        reason,
        null,
        tries,
        sent,
        by,
        holdsKey,
        dueMs,
        offset,
        sinceMs,
        commandOffset,
        version + 1);
  }

  public Progress waiting(JobState until, long atMs, long nowMs) {
    return new Progress(
        until,
        null,
        null,
        tries,
        sent,
        hold,
        holdsKey,
        atMs,
        offset,
        nowMs,
        commandOffset,
        version + 1);
  }

  /** A task that was not out with a worker counts as over. */
  public Progress finished(JobState finalState, @Nullable Reason why, long nowMs) {
    boolean out = isOut() && !hold.isParked();
    return new Progress(
        finalState,
        why,
        null,
        tries,
        out ? sent : sent.over(),
        out ? hold : Hold.NONE,
        holdsKey,
        0,
        offset,
        nowMs,
        commandOffset,
        version + 1);
  }

  /** The current dispatch has ended; {@code then} is what is left of its lease. */
  public Progress ended(Counted how, Hold then) {
    return new Progress(
        state,
        reason,
        gate,
        tries.ended(how, sent.suspect()),
        sent.over(),
        then,
        holdsKey,
        dueMs,
        offset,
        sinceMs,
        commandOffset,
        version + 1);
  }

  public Progress unhandledSince(long ms) {
    return new Progress(
        state,
        reason,
        gate,
        tries.unhandledSince(ms),
        sent,
        hold,
        holdsKey,
        dueMs,
        offset,
        sinceMs,
        commandOffset,
        version);
  }

  /** A worker had no handler for the task: the dispatch is over, and there was no run. */
  public Progress handedBack(long firstMs) {
    return new Progress(
        state,
        reason,
        gate,
        tries.unhandledSince(firstMs),
        sent.over(),
        Hold.NONE,
        holdsKey,
        dueMs,
        offset,
        sinceMs,
        commandOffset,
        version + 1);
  }

  /** Whether a run of this dispatch lingers, at this worker or where it is not known. */
  public boolean lingersAt(Run run) {
    return hold.lingering()
        && sent.dispatch() == run.dispatch()
        && (hold.worker() == null || hold.isOf(run.worker()));
  }

  /** The run that lingered is over. */
  public Progress runEnded() {
    return new Progress(
        state,
        reason,
        gate,
        tries,
        sent.over(),
        Hold.NONE,
        holdsKey,
        dueMs,
        offset,
        sinceMs,
        commandOffset,
        version + 1);
  }

  /** The same with another lease; no change that anybody is told of. */
  public Progress held(Hold other) {
    return new Progress(
        state,
        reason,
        gate,
        tries,
        sent,
        other,
        holdsKey,
        dueMs,
        offset,
        sinceMs,
        commandOffset,
        version);
  }

  public Progress key(boolean holds) {
    return new Progress(
        state,
        reason,
        gate,
        tries,
        sent,
        hold,
        holds,
        dueMs,
        offset,
        sinceMs,
        commandOffset,
        version);
  }

  public Progress due(long atMs) {
    return new Progress(
        state,
        reason,
        gate,
        tries,
        sent,
        hold,
        holdsKey,
        atMs,
        offset,
        sinceMs,
        commandOffset,
        version);
  }

  /** The same, as a change that is told. */
  public Progress changed() {
    return new Progress(
        state,
        reason,
        gate,
        tries,
        sent,
        hold,
        holdsKey,
        dueMs,
        offset,
        sinceMs,
        commandOffset,
        version + 1);
  }

  public Progress commanded(long atOffset) {
    return new Progress(
        state, reason, gate, tries, sent, hold, holdsKey, dueMs, offset, sinceMs, atOffset,
        version);
  }

  /**
   * A final job that is to be run again, now. What was sent before does not count any more; if it
   * may still be out, it lingers.
   */
  public Progress again(long nowMs) {
    return new Progress(
        JobState.SCHEDULED,
        null,
        null,
        tries.forgive(),
        sent.over(),
        lingers() ? hold.linger() : Hold.NONE,
        holdsKey,
        nowMs,
        offset,
        nowMs,
        commandOffset,
        version + 1);
  }
}
