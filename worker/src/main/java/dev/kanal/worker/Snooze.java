package dev.kanal.worker;

import java.time.Duration;

/**
 * Thrown by a handler to be run again after a while. Does not count as an attempt, up to 20 times a
 * job.
 */
public final class Snooze extends Exception {
  private static final long serialVersionUID = 1L;

  private final Duration delay;

  public Snooze(Duration delay, String message) {
    super(message);
    if (delay.isNegative()) {
      throw new IllegalArgumentException("Expected a delay of zero or more, but got " + delay);
    }
    this.delay = delay;
  }

  public Duration delay() {
    return delay;
  }
}
