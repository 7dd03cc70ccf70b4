package dev.kanal.common.job;

import java.time.Duration;

/** How long a job is kept after it ended. */
public record Retention(Duration succeeded, Duration other) {
  public static final Duration MAX = Duration.ofDays(3650);
  public static final Retention DEFAULT = new Retention(Duration.ofDays(1), Duration.ofDays(30));

  public Retention {
    check("succeeded", succeeded);
    check("other", other);
  }

  public Duration of(JobState state) {
    return state == JobState.SUCCEEDED ? succeeded : other;
  }

  private static void check(String name, Duration value) {
    if (value.isNegative() || value.compareTo(MAX) > 0) {
      throw new IllegalArgumentException(
          "Expected " + name + " from PT0S to " + MAX + ", but got " + value);
    }
  }
}
