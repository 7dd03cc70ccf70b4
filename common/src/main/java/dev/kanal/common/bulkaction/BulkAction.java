package dev.kanal.common.bulkaction;

import java.util.Locale;

/** What a bulk action does to each of its jobs. */
public enum BulkAction {
  /** Jobs that ended without success are run again. */
  RETRY(0),
  /** Jobs that have not ended are cancelled. */
  CANCEL(1),
  /** Jobs that have ended are forgotten. */
  DELETE(2),
  /** Jobs that wait are cancelled; what runs goes on. For queues, not for users. */
  PURGE(3),
  /** Jobs that wait go to another queue. */
  MOVE(4);

  private final int code;
  private final String text = name().toLowerCase(Locale.ROOT);

  BulkAction(int code) {
    this.code = code;
  }

  /**
   * The number in records and rows, which never changes; readers take it as the place in this list.
   */
  public int code() {
    return code;
  }

  /** The form of the API, such as {@code retry}. */
  public String text() {
    return text;
  }
}
