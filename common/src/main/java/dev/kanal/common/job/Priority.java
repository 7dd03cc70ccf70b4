package dev.kanal.common.job;

import java.util.Locale;

/** Which of a queue's topics carries a job's tasks. */
public enum Priority {
  HIGH(0),
  NORMAL(1),
  LOW(2);

  private final int code;
  private final String text = name().toLowerCase(Locale.ROOT);

  Priority(int code) {
    this.code = code;
  }

  /** The number in log entries, which never changes; readers take it as the place in this list. */
  public int code() {
    return code;
  }

  /** The lower-case form of the API and of topic names. */
  public String text() {
    return text;
  }
}
