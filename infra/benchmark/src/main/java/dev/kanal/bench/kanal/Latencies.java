package dev.kanal.bench.kanal;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;

/** Times between when something was due and when it happened. Usable from any thread. */
public final class Latencies {
  /** Longer times count as this long. */
  private static final long MAX_MICROS = TimeUnit.MINUTES.toMicros(10);

  private static final int DIGITS = 3;
  private static final double MICROS_PER_MS = 1_000;

  private final ConcurrentHistogram micros = new ConcurrentHistogram(MAX_MICROS, DIGITS);

  /**
   * The noted times, in milliseconds.
   *
   * @param count how many times were noted
   */
  public record Summary(long count, double p50, double p99, double p999, double max) {}

  /** Notes that what was due at {@code dueMicros} has happened now. */
  public void note(long dueMicros) {
    micros.recordValue(Math.clamp(WallClock.micros() - dueMicros, 0, MAX_MICROS));
  }

  public long count() {
    return micros.getTotalCount();
  }

  /** Nothing may be noted meanwhile. */
  public Summary summary() {
    return new Summary(
        micros.getTotalCount(), at(50), at(99), at(99.9), micros.getMaxValue() / MICROS_PER_MS);
  }

  /** Forgets everything. Nothing may be noted meanwhile. */
  public void reset() {
    micros.reset();
  }

  private double at(double percentile) {
    return micros.getValueAtPercentile(percentile) / MICROS_PER_MS;
  }
}
