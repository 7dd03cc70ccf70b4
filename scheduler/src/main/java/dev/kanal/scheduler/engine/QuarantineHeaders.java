package dev.kanal.scheduler.engine;

/** What records in quarantine say of themselves. */
final class QuarantineHeaders {
  /** Why they are there. */
  static final String REASON = "kanal-reason";

  /** Partition and offset of the log where they were read, with a colon in between. */
  static final String SOURCE = "kanal-source";

  private QuarantineHeaders() {}
}
