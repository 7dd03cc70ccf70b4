package dev.kanal.common.schedule;

/** What a tick does while the job of an earlier tick has not ended. */
public enum ConcurrencyPolicy {
  /** It fires. */
  ALLOW("allow"),
  /** It is skipped. */
  FORBID("forbid"),
  /** The earlier job is cancelled, and the tick fires. */
  REPLACE("replace");

  private final String text;

  ConcurrencyPolicy(String text) {
    this.text = text;
  }

  /** As the API writes it. */
  public String text() {
    return text;
  }
}
