package dev.kanal.common.clock;

import java.time.InstantSource;

/**
 * The two clocks of a process.
 *
 * @param wall for times that are written down or sent
 * @param ticker for durations
 */
public record Clocks(InstantSource wall, Ticker ticker) {
  /** The machine's clocks. */
  public static Clocks system() {
    return new Clocks(InstantSource.system(), System::nanoTime);
  }
}
