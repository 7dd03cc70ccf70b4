package dev.kanal.common.job;

import java.util.Locale;

/** Which of a queue's topics carries a job's tasks. */
public enum Priority {
  HIGH,
  NORMAL,
  LOW;

  private final String text = name().toLowerCase(Locale.ROOT);

  /** The lower-case form of the API and of topic names. */
  public String text() {
    return text;
  }
}
