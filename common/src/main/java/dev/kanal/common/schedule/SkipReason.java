package dev.kanal.common.schedule;

/** Why a tick made no job. */
public enum SkipReason {
  /** It was a misfire, and the policy is to skip these. */
  MISFIRE_SKIP(0, "misfire-skip"),
  /** It was a misfire, and a newer one was fired for it. */
  MISFIRE_COLLAPSED(1, "misfire-collapsed"),
  /** It was a misfire, and there were more newer ones than the policy's limit. */
  MISFIRE_LIMIT(2, "misfire-limit"),
  /** It was later than the starting deadline. */
  STARTING_DEADLINE(3, "starting-deadline"),
  /** The job of an earlier tick had not ended. */
  FORBID_OVERLAP(4, "forbid-overlap"),
  /** The schedule was paused. */
  PAUSED(5, "paused");

  private final int code;
  private final String text;

  SkipReason(int code, String text) {
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
