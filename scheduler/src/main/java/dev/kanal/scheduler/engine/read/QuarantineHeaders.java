package dev.kanal.scheduler.engine.read;

/** What records in quarantine say of themselves. */
public final class QuarantineHeaders {
  /** Why they are there. */
  public static final String REASON = "kanal-reason";

  /** Partition and offset of the log where they were read, with a colon in between. */
  public static final String SOURCE = "kanal-source";

  private QuarantineHeaders() {}
}
