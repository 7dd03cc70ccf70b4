package dev.kanal.common.job;

import java.time.Duration;
import java.time.Instant;

/** When a job may start. */
public sealed interface StartTime {
  /** As soon as a worker is free. */
  Now NOW = new Now();

  /** The longest {@code delay}: a century. */
  Duration MAX_DELAY = Duration.ofDays(36_500);

  record Now() implements StartTime {}

  /** After a time that counts from the moment at which Kafka took the job. */
  record After(Duration delay) implements StartTime {
    public After {
      if (delay.isNegative() || delay.compareTo(MAX_DELAY) > 0) {
        throw new IllegalArgumentException(
            "Expected a delay from PT0S to " + MAX_DELAY + ", but got " + delay);
      }
    }
  }

  /** At a point in time; a past one means now. */
  record At(Instant time) implements StartTime {}
}
