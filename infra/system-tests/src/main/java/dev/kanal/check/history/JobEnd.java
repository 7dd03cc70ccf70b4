package dev.kanal.check.history;

import java.util.List;
import java.util.Set;

/**
 * A job as the server reports it.
 *
 * @param state empty if it did not become final in time
 * @param resultRun number of the run whose result it has; -1 without one
 * @param attempt the last
 * @param finished in microseconds; 0 if not reported
 * @param later its state when read again after the run, if that differs; empty if not
 */
public record JobEnd(
    String job,
    String state,
    String reason,
    long resultRun,
    int attempt,
    long finished,
    List<Tried> attempts,
    String later) {
  public JobEnd {
    attempts = List.copyOf(attempts);
  }

  public JobEnd withLater(String differing) {
    return new JobEnd(job, state, reason, resultRun, attempt, finished, attempts, differing);
  }

  /** One attempt, by its worker's clock, in microseconds. */
  public record Tried(int number, String outcome, long started, long finished) {
    private static final Set<String> UNSTARTED = Set.of("timed-out", "cancelled", "snoozed");

    /**
     * Its worker did not start it: the time was up, it was cancelled, or the worker handed it back
     * as it had to stop or another had its turn.
     */
    boolean isUnstarted() {
      return UNSTARTED.contains(outcome) && started == finished;
    }
  }

  public boolean isFinal() {
    return !state.isEmpty();
  }
}
