package dev.kanal.common.job;

/** How often a job is tried, and how long to wait in between. */
public record RetryPolicy(int maxAttempts, Backoff backoff) {
  public static final int MAX_ATTEMPTS = 1000;
  public static final RetryPolicy DEFAULT = new RetryPolicy(10, Backoff.DEFAULT);

  public RetryPolicy {
    if (maxAttempts < 1 || maxAttempts > MAX_ATTEMPTS) {
      throw new IllegalArgumentException(
          "Expected maxAttempts from 1 to " + MAX_ATTEMPTS + ", but got " + maxAttempts);
    }
  }
}
