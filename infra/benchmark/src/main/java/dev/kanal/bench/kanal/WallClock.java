package dev.kanal.bench.kanal;

import java.time.Instant;
import java.time.InstantSource;
import java.util.concurrent.TimeUnit;

/** The machine's wall clock, which all processes on it share, to the microsecond. */
public final class WallClock {
  private static final InstantSource WALL = InstantSource.system();

  private WallClock() {}

  /** Microseconds since 1970. */
  public static long micros() {
    Instant now = WALL.instant();
    return TimeUnit.SECONDS.toMicros(now.getEpochSecond()) + now.getNano() / 1_000;
  }
}
