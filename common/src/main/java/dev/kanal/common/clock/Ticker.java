package dev.kanal.common.clock;

/** A monotonic source of nanoseconds with an arbitrary origin: for durations only. */
@FunctionalInterface
public interface Ticker {
  long nanos();
}
