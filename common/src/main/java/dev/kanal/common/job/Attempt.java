package dev.kanal.common.job;

import dev.kanal.common.context.AttemptTrace;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * One try at running a job that has ended.
 *
 * @param number from 1; a snoozed or lost attempt's number comes again
 * @param dispatch of the task that carried it
 * @param outcome the word of {@link Outcome#text()}
 * @param worker that ran it
 * @param startedAt by the worker's clock
 * @param finishedAt by the worker's clock; the engine's for a lost one
 * @param error why it did not succeed
 * @param trace if it was traced
 * @param sentAt when the engine sent its task; null of one that was kept by an older release
 * @param recordedAt when the engine had its outcome; null of one that was kept by an older release
 */
public record Attempt(
    int number,
    int dispatch,
    String outcome,
    String worker,
    Instant startedAt,
    Instant finishedAt,
    @Nullable ErrorInfo error,
    @Nullable AttemptTrace trace,
    @Nullable Instant sentAt,
    @Nullable Instant recordedAt) {
  /** How many attempts a job keeps. */
  public static final int KEPT = 20;

  public Attempt withoutStack() {
    ErrorInfo cut = error == null ? null : error.withoutStack();
    return new Attempt(
        number, dispatch, outcome, worker, startedAt, finishedAt, cut, trace, sentAt, recordedAt);
  }
}
