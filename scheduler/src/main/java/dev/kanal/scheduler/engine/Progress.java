package dev.kanal.scheduler.engine;

import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.WorkerRef;
import org.jspecify.annotations.Nullable;

/**
 * Where a job stands.
 *
 * @param reason set when it becomes {@code DEAD}
 * @param attempt the number of the attempt sent last; 0 before the first
 * @param failures ended attempts that count
 * @param ended ended attempts in all; numbers their rows
 * @param endedDispatch the dispatch of the attempt that ended last; 0 before the first
 * @param dispatch the number of the task sent last; 0 before the first; never reset
 * @param snoozes ended attempts that did not count because the handler asked for time
 * @param crashes ended attempts whose worker was lost
 * @param dueMs when it starts ({@code SCHEDULED}, {@code RETRYING}) or its lease ends ({@code
 *     RUNNING}); else 0
 * @param offset log offset at which it was sent or blocked; its place in the index of its lane
 * @param sentMs the engine's time of the last dispatch
 * @param holder of the lease, while {@code RUNNING}
 * @param finishedMs set when it becomes final
 * @param version grows with every change
 */
record Progress(
    JobState state,
    @Nullable Reason reason,
    int attempt,
    int failures,
    int ended,
    int endedDispatch,
    int dispatch,
    int snoozes,
    int crashes,
    long dueMs,
    long offset,
    long sentMs,
    @Nullable WorkerRef holder,
    long finishedMs,
    long version) {

  static Progress scheduled(long dueMs) {
    return new Progress(JobState.SCHEDULED, null, 0, 0, 0, 0, 0, 0, 0, dueMs, 0, 0, null, 0, 1);
  }

  /** Whether the dispatch sent last has been reported as ended. */
  boolean dispatchEnded() {
    return endedDispatch == dispatch;
  }

  Progress sent(long atOffset, long nowMs) {
    return new Progress(
        JobState.QUEUED,
        null,
        failures + 1,
        failures,
        ended,
        endedDispatch,
        dispatch + 1,
        snoozes,
        crashes,
        0,
        atOffset,
        nowMs,
        null,
        0,
        version + 1);
  }

  Progress blocked(long atOffset) {
    return to(JobState.BLOCKED, 0, atOffset, null);
  }

  Progress leased(WorkerRef worker, long untilMs) {
    return to(JobState.RUNNING, untilMs, offset, worker);
  }

  Progress retrying(long atMs) {
    return to(JobState.RETRYING, atMs, offset, null);
  }

  Progress finished(JobState state, @Nullable Reason why, long nowMs) {
    return new Progress(
        state,
        why,
        attempt,
        failures,
        ended,
        endedDispatch,
        dispatch,
        snoozes,
        crashes,
        0,
        offset,
        sentMs,
        null,
        nowMs,
        version + 1);
  }

  /** The current dispatch has ended, in one of the ways that are counted apart. */
  Progress ended(Counted how) {
    return new Progress(
        state,
        reason,
        attempt,
        failures + (how == Counted.FAILURE ? 1 : 0),
        ended + 1,
        dispatch,
        dispatch,
        snoozes + (how == Counted.SNOOZE ? 1 : 0),
        crashes + (how == Counted.CRASH ? 1 : 0),
        dueMs,
        offset,
        sentMs,
        holder,
        finishedMs,
        version + 1);
  }

  private Progress to(JobState next, long due, long atOffset, @Nullable WorkerRef worker) {
    return new Progress(
        next,
        null,
        attempt,
        failures,
        ended,
        endedDispatch,
        dispatch,
        snoozes,
        crashes,
        due,
        atOffset,
        sentMs,
        worker,
        0,
        version + 1);
  }

  /** As what an ended attempt counts. */
  enum Counted {
    SUCCESS,
    FAILURE,
    SNOOZE,
    CRASH
  }
}
