package dev.kanal.common.queue;

import java.time.Duration;

/**
 * How many tasks of a queue may be sent in a period: a bucket of {@code permits} tokens that fills
 * evenly within {@code per}. So a burst after a pause is at most {@code permits}, and within any
 * {@code per} at most twice as many are sent.
 *
 * @param permits from 1 to {@link #PERMITS_MAX}
 * @param per from {@link #PER_MIN} to {@link #PER_MAX}
 */
public record Rate(int permits, Duration per) {
  public static final int PERMITS_MAX = 1_000_000;
  public static final Duration PER_MIN = Duration.ofMillis(100);
  public static final Duration PER_MAX = Duration.ofDays(1);

  public Rate {
    if (permits < 1 || permits > PERMITS_MAX) {
      throw new IllegalArgumentException(
          "Expected permits from 1 to " + PERMITS_MAX + ", but got " + permits);
    }
    if (per.compareTo(PER_MIN) < 0 || per.compareTo(PER_MAX) > 0) {
      throw new IllegalArgumentException(
          "Expected per from " + PER_MIN + " to " + PER_MAX + ", but got " + per);
    }
  }
}
