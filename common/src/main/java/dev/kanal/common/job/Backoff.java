package dev.kanal.common.job;

import java.time.Duration;

/**
 * How long to wait before the next attempt: {@code initial × multiplier^(n-1)}, at most {@code
 * max}, spread by {@code ± jitter} (a share of the wait from 0 to 1).
 */
public record Backoff(Duration initial, double multiplier, Duration max, double jitter) {
  public static final Duration LONGEST = Duration.ofDays(365);
  public static final double MULTIPLIER_MAX = 100;

  public static final Backoff DEFAULT =
      new Backoff(Duration.ofSeconds(1), 2, Duration.ofMinutes(10), 0.2);

  public Backoff {
    if (initial.isNegative() || initial.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "Expected initial from PT0S to " + LONGEST + ", but got " + initial);
    }
    if (!(multiplier >= 1 && multiplier <= MULTIPLIER_MAX)) {
      throw new IllegalArgumentException(
          "Expected multiplier from 1 to 100, but got " + multiplier);
    }
    if (max.compareTo(initial) < 0 || max.compareTo(LONGEST) > 0) {
      throw new IllegalArgumentException(
          "Expected max from initial (" + initial + ") to " + LONGEST + ", but got " + max);
    }
    if (!(jitter >= 0 && jitter <= 1)) {
      throw new IllegalArgumentException("Expected jitter from 0 to 1, but got " + jitter);
    }
  }

  /**
   * The wait after {@code attempt} (from 1) failed. The jitter is a hash of job and attempt, so
   * that a replay of the log waits as long as the first run did.
   */
  public Duration after(JobId job, int attempt) {
    double wait = initial.toMillis() * Math.pow(multiplier, Math.max(0, attempt - 1));
    double capped = Math.min(wait, (double) max.toMillis());
    double spread = 1 + jitter * (2 * unitHash(job, attempt) - 1);
    return Duration.ofMillis(Math.round(capped * spread));
  }

  /** A number from 0 to 1 that depends on nothing but its arguments (SplitMix64's finaliser). */
  private static double unitHash(JobId job, int attempt) {
    long z = job.hi() ^ Long.rotateLeft(job.lo(), 31) ^ (attempt * 0x9E3779B97F4A7C15L);
    z = (z ^ (z >>> 30)) * 0xBF58476D1CE4E5B9L;
    z = (z ^ (z >>> 27)) * 0x94D049BB133111EBL;
    return ((z ^ (z >>> 31)) >>> 11) * 0x1.0p-53;
  }
}
