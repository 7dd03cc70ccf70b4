package dev.kanal.common.flow;

import org.jspecify.annotations.Nullable;

/**
 * How a step treats its many members.
 *
 * @param atOnce its window: most members that have begun and not ended, 1 to {@link #AT_ONCE_MAX}
 * @param tolerate how many may fail before the step does
 * @param keep which members are kept when the flow has ended; null if that follows from their
 *     number
 * @param collect whether the step's result is the array of its members' results
 */
public record FanOut(int atOnce, Tolerance tolerate, @Nullable Keep keep, boolean collect) {
  public static final int AT_ONCE_MAX = 10_000;
  public static final FanOut DEFAULT = new FanOut(1_000, Tolerance.Failures.NONE, null, false);

  /** A step with more members keeps those that failed, if it does not say. */
  public static final int KEPT_MAX = 10_000;

  /** Which members are kept. */
  public enum Keep {
    ALL(0, "all"),
    FAILED(1, "failed");

    private final int code;
    private final String text;

    Keep(int code, String text) {
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

  public FanOut {
    Bounds.check("atOnce", atOnce, 1, AT_ONCE_MAX);
  }

  /** Which members are kept of so many. */
  public Keep keptOf(int width) {
    if (keep != null) {
      return keep;
    }
    return width > KEPT_MAX ? Keep.FAILED : Keep.ALL;
  }
}
