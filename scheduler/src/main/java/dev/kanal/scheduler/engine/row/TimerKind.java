package dev.kanal.scheduler.engine.row;

/** What a timer is for. */
public enum TimerKind {
  /** A job's start or next attempt. */
  START(0),
  /** A job's deadline. */
  DEADLINE(1),
  /** The end of a lease that nobody renewed. */
  LEASE(2),
  /** The end of a final job's retention. */
  RETENTION(3),
  /** A queue's next token, or the next try to send what could not be sent. */
  RATE(4),
  /** A schedule's next tick. */
  SCHEDULE(5),
  /** The end of the retention of several jobs. */
  FORGET(6),
  /** Ends of jobs that are told together, though no more of them have come. */
  NOTICE(7),
  /** A flow: something that it waits for, its deadline, or the end of its retention. */
  FLOW(8);

  private static final TimerKind[] ALL = values();

  private final int code;

  TimerKind(int code) {
    this.code = code;
  }

  /** The number in rows, fixed for ever; readers take it as the place in this list. */
  int code() {
    return code;
  }

  /** Whether its subject is a job. */
  public boolean isOfJob() {
    return switch (this) {
      case START, DEADLINE, LEASE, RETENTION -> true;
      case RATE, SCHEDULE, FORGET, NOTICE, FLOW -> false;
    };
  }

  static TimerKind of(int code) {
    return ALL[code];
  }
}
