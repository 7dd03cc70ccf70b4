package dev.kanal.common.schedule;

import java.time.Duration;

/**
 * The policy for misfires: ticks that are seen more than {@link #LATE} after their time, because
 * the engine was away or behind.
 *
 * @param limit of {@link Policy#FIRE_ALL}, from 1 to {@link #LIMIT_MAX}: only this many of the
 *     newest misfires are fired
 */
public record Misfire(Policy policy, int limit) {
  /** Ticks that are no later than this are fired as if they were on time. */
  public static final Duration LATE = Duration.ofSeconds(5);

  public static final int LIMIT_MAX = 1_000;
  public static final int DEFAULT_LIMIT = 100;
  public static final Misfire DEFAULT = new Misfire(Policy.FIRE_ONCE, DEFAULT_LIMIT);

  /** The choices. */
  public enum Policy {
    /** None is fired. */
    SKIP(0, "skip"),
    /** The newest is fired for all of them. */
    FIRE_ONCE(1, "fireOnce"),
    /** Each is fired, oldest first. */
    FIRE_ALL(2, "fireAll");

    private final int code;
    private final String text;

    Policy(int code, String text) {
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

  public Misfire {
    if (limit < 1 || limit > LIMIT_MAX) {
      throw new IllegalArgumentException(
          "Expected misfire limit from 1 to " + LIMIT_MAX + ", but got " + limit);
    }
  }
}
