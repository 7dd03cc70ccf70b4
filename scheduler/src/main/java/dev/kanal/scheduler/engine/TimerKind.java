package dev.kanal.scheduler.engine;

/** What a timer is for. The order is part of the row format. */
enum TimerKind {
  /** A job's start or next attempt. */
  START,
  /** A job's deadline. */
  DEADLINE,
  /** The end of a lease that nobody renewed. */
  LEASE,
  /** The end of a final job's retention. */
  RETENTION;

  private static final TimerKind[] ALL = values();

  static TimerKind of(int ordinal) {
    return ALL[ordinal];
  }
}
