package dev.kanal.embedded;

import java.time.Duration;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Supplier;
import org.apache.kafka.common.utils.Time;

/** The system's time, whose monotonic part can be made to skip ahead; its wall clock never does. */
final class SkippingTime implements Time {
  private final AtomicLong skippedNanos = new AtomicLong();

  void skip(Duration ahead) {
    skippedNanos.addAndGet(ahead.toNanos());
  }

  @Override
  public long milliseconds() {
    return SYSTEM.milliseconds();
  }

  @Override
  public long nanoseconds() {
    return SYSTEM.nanoseconds() + skippedNanos.get();
  }

  @Override
  public void sleep(long ms) {
    SYSTEM.sleep(ms);
  }

  @Override
  public void waitObject(Object obj, Supplier<Boolean> condition, long deadlineMs)
      throws InterruptedException {
    SYSTEM.waitObject(obj, condition, deadlineMs);
  }
}
