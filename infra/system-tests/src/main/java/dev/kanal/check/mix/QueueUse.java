package dev.kanal.check.mix;

import java.util.Locale;

/** The queues of a run, by what they are for. */
public enum QueueUse {
  PLAIN,
  /** With {@code concurrency}. */
  FEW,
  /** With {@code rate}. */
  SLOW,
  PAUSED;

  /** Its name in a run. */
  public String name(String run) {
    return this == PLAIN ? run : run + "-" + name().toLowerCase(Locale.ROOT);
  }
}
