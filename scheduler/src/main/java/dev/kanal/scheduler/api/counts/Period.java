package dev.kanal.scheduler.api.counts;

import dev.kanal.scheduler.stats.RunTally;
import org.jspecify.annotations.Nullable;

/**
 * What went on for some time.
 *
 * @param arrived how many times a job became queued
 * @param ms how long
 */
public record Period(RunTally runs, long arrived, long ms) {
  static final Period NONE = new Period(RunTally.none(), 0, 0);

  Period plus(Period other) {
    return new Period(runs.plus(other.runs), arrived + other.arrived, ms + other.ms);
  }

  /** How many a second; null if it did not last. */
  public @Nullable Double rate(long count) {
    return ms == 0 ? null : count * 1_000.0 / ms;
  }

  /** Of the jobs that succeeded or died, how many succeeded; null if none did either. */
  public @Nullable Double successRatio() {
    long all = runs.ends().succeeded() + runs.ends().dead();
    return all == 0 ? null : (double) runs.ends().succeeded() / all;
  }
}
