package dev.kanal.check.workers;

import java.time.Instant;
import java.time.InstantSource;
import java.time.temporal.ChronoUnit;

/** The wall clock, as the probe reads it. */
final class Microseconds {
  private Microseconds() {}

  /** Since 1970. */
  static long now() {
    return ChronoUnit.MICROS.between(Instant.EPOCH, InstantSource.system().instant());
  }
}
