package dev.kanal.bench.kanal;

import java.util.concurrent.TimeUnit;
import org.HdrHistogram.ConcurrentHistogram;

/** Times from when something was due until it happened. Usable from any thread. */
public final class Latencies {
  /** What is longer counts as this long. */
  private static final long MAX_MICROS = TimeUnit.MINUTES.toMicros(10);

  private static final int DIGITS = 3;
  private static final double MICROS_PER_MS = 1_000;

  private final ConcurrentHistogram micros = new ConcurrentHistogram(MAX_MICROS, DIGITS);

  /**
   * What was noted, in milliseconds.
   *
   * @param count how many times were noted
   */
  public record Summary(long count, double p50, double p99, double p999, double max) {}

  /** Notes that what was due has happened now. */
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
