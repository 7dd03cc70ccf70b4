package dev.kanal.common.schedule;

/** What a tick does while the job of an earlier tick has not ended. */
public enum ConcurrencyPolicy {
  /** It fires. */
  ALLOW(0, "allow"),
  /** It is skipped. */
  FORBID(1, "forbid"),
  /** The earlier job is cancelled, and the tick fires. */
  REPLACE(2, "replace");

  private final int code;
  private final String text;

  ConcurrencyPolicy(int code, String text) {
    this.code = code;
    this.text = text;
  }

  /** The number in rows, which never changes; readers take it as the place in this list. */
  public int code() {
    return code;
  }

  /** As the API writes it. */
  public String text() {
    return text;
  }
}
