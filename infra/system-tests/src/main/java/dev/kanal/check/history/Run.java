package dev.kanal.check.history;

/**
 * One execution of a job, as the server that it calls saw it.
 *
 * @param number of the run, unlike any other's
 * @param index of the submitted job, or {@link #TICK}
 * @param dispatch 0 if the worker does not report it
 */
public record Run(
    long number, String job, int index, int attempt, int dispatch, Span span, End end) {
  /** The index of the jobs that a schedule submits. */
  public static final int TICK = -1;

  /** How a run ended. */
  public enum End {
    SUCCEEDED,
    FAILED,
    REFUSED,
    SNOOZED,
    /** The worker broke the connection: interrupted or dead. */
    CUT,
    /** It still ran when the check ended. */
    OPEN
  }

  /** From its start to its end, both in microseconds since 1970. */
  public record Span(long start, long end) {
    public Span {
      if (end < start) {
        throw new IllegalArgumentException(
            "Expected an end not before %d, but it is %d".formatted(start, end));
      }
    }

    Span endingBy(long other) {
      return new Span(start, Math.max(start, Math.min(end, other)));
    }

    long length() {
      return end - start;
    }
  }

  String text() {
    return "job %s (number %d), attempt %d, dispatch %d".formatted(job, index, attempt, dispatch);
  }
}
