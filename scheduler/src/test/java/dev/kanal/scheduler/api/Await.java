package dev.kanal.scheduler.api;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.clock.Ticker;
import java.time.Duration;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import java.util.function.IntSupplier;

/** Waits for something to become true, at most 30 seconds. */
public final class Await {
  private static final Duration PATIENCE = Duration.ofSeconds(30);
  private static final Duration STEP = Duration.ofMillis(2);

  private static final Ticker TICKER = Clocks.system().ticker();

  private Await() {}

  public static void until(String what, BooleanSupplier condition) {
    long start = TICKER.nanos();
    while (!condition.getAsBoolean()) {
      if (TICKER.nanos() - start > PATIENCE.toNanos()) {
        throw new AssertionError("Expected that " + what + ", but not within " + PATIENCE);
      }
      LockSupport.parkNanos(STEP.toNanos());
    }
  }

  /** The number once it has not changed for half a second. */
  public static int steady(IntSupplier number) {
    int last = number.getAsInt();
    for (int same = 0; same < 250; same++) {
      LockSupport.parkNanos(STEP.toNanos());
      int next = number.getAsInt();
      same = next == last ? same : 0;
      last = next;
    }
    return last;
  }
}
