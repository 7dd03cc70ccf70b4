package dev.kanal.common.clock;

import java.time.Duration;
import java.time.Instant;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReference;

/**
 * Clocks that stand still until they are moved by hand; for tests.
 *
 * <p>The two have different origins, so that code which mixes them up fails at once. May be moved
 * and read from any thread.
 */
public final class ManualClocks {
  /** What the wall clock shows at first. */
  public static final Instant WALL_ORIGIN = Instant.parse("2030-01-01T00:00:00Z");

  /** What the ticker shows at first; below zero, as a machine's may be. */
  public static final long TICKER_ORIGIN = -7_000_000_000_000L;

  private final AtomicReference<Instant> wall = new AtomicReference<>(WALL_ORIGIN);
  private final AtomicLong ticker = new AtomicLong(TICKER_ORIGIN);
  private final Clocks clocks = new Clocks(wall::get, ticker::get);

  /** The pair to pass on; it shows every later move. */
  public Clocks clocks() {
    return clocks;
  }

  /** Time passes: both clocks go on by {@code time}. */
  public void advance(Duration time) {
    if (time.isNegative()) {
      throw new IllegalArgumentException("Expected time to pass, but got " + time);
    }
    shiftWall(time);
    ticker.addAndGet(time.toNanos());
  }

  /** The wall clock is set: it jumps, back if {@code by} is negative; no time passes. */
  public void shiftWall(Duration by) {
    wall.updateAndGet(now -> now.plus(by));
  }
}
