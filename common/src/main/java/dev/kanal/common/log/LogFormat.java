package dev.kanal.common.log;

/**
 * Which entries a log may hold. Each format has the entries of those before it and some more; none
 * changes what is there. A scheduler reads a format, with all before it, or it does not; entries of
 * one that a live scheduler does not read may not be appended, and {@link LogEntry.FormatActivated}
 * says from where on they may.
 */
public enum LogFormat {
  /** Entries about jobs, queues, schedules and bulk actions: every scheduler reads them. */
  JOBS(1),
  /** Entries about flows. */
  FLOWS(2);

  /** The newest that this code reads. */
  public static final LogFormat NEWEST = FLOWS;

  private final int number;

  LogFormat(int number) {
    this.number = number;
  }

  /** The number in logs and rows, which never changes; it grows from format to format. */
  public int number() {
    return number;
  }
}
