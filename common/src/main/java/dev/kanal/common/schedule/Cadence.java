package dev.kanal.common.schedule;

import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.util.Optional;

/** When a schedule ticks. */
public sealed interface Cadence {
  /**
   * The first tick after {@code after}.
   *
   * @param anchor when the schedule was given this cadence
   */
  Optional<Instant> next(Instant after, Instant anchor);

  /** By a cron expression, in a zone. */
  record ByCron(Cron cron, ZoneId zone) implements Cadence {
    /**
     * The zones' present rules hold from here on; used to check whether there is any tick at all.
     */
    private static final Instant PROBE = Instant.parse("2026-01-01T00:00:00Z");

    public ByCron {
      if (cron.next(PROBE, zone).isEmpty()) {
        throw new IllegalArgumentException(
            "Expected a cron expression that fires some day, but "
                + cron
                + " means only times that "
                + zone
                + " always skips");
      }
    }

    @Override
    public Optional<Instant> next(Instant after, Instant anchor) {
      return cron.next(after, zone);
    }
  }

  /**
   * One {@code period} after the anchor, and so on.
   *
   * @param period whole milliseconds from {@link #MIN} to {@link #MAX}
   */
  record Every(Duration period) implements Cadence {
    public static final Duration MIN = Duration.ofSeconds(1);
    public static final Duration MAX = Duration.ofDays(366);

    public Every {
      if (period.compareTo(MIN) < 0 || period.compareTo(MAX) > 0) {
        throw new IllegalArgumentException(
            "Expected every from " + MIN + " to " + MAX + ", but got " + period);
      }
      if (period.toNanosPart() % 1_000_000 != 0) {
        throw new IllegalArgumentException(
            "Expected every in whole milliseconds, but got " + period);
      }
    }

    @Override
    public Optional<Instant> next(Instant after, Instant anchor) {
      long step = period.toMillis();
      long passed = Math.floorDiv(after.toEpochMilli() - anchor.toEpochMilli(), step);
      return Optional.of(anchor.plusMillis(Math.max(1, passed + 1) * step));
    }
  }
}
