package dev.kanal.worker.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.time.Duration;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * How many attempts of one type run here at once, and when a task beyond that is to come again.
 * Usable from any thread.
 *
 * <p>Tasks that are refused within one second come back one after the other, about as fast as
 * attempts of {@link #SHORT_RUN} would make room: all at once they would only be refused again.
 */
final class TypeLimit {
  static final Duration DELAY_MIN = Duration.ofSeconds(1);
  static final Duration DELAY_MAX = Duration.ofSeconds(30);
  private static final Duration SHORT_RUN = Duration.ofMillis(10);

  private final int most;
  private final AtomicInteger running = new AtomicInteger();

  @GuardedBy("this")
  private int refused;

  @GuardedBy("this")
  private long refusedSinceNanos;

  TypeLimit(int most) {
    this.most = most;
  }

  /** Takes the right to run one more. */
  boolean enter() {
    int now = running.get();
    while (now < most && !running.compareAndSet(now, now + 1)) {
      now = running.get();
    }
    return now < most;
  }

  void leave() {
    running.decrementAndGet();
  }

  int most() {
    return most;
  }

  /** The time after which a refused task comes again. */
  synchronized Duration refuse(long nowNanos) {
    if (refused == 0 || nowNanos - refusedSinceNanos >= DELAY_MIN.toNanos()) {
      refused = 0;
      refusedSinceNanos = nowNanos;
    }
    Duration delay = delay(refused, most);
    refused++;
    return delay;
  }

  /** Pure: the delay of a task after {@code before} others were refused. */
  static Duration delay(int before, int most) {
    Duration delay = DELAY_MIN.plus(SHORT_RUN.multipliedBy(before).dividedBy(most));
    return delay.compareTo(DELAY_MAX) < 0 ? delay : DELAY_MAX;
  }
}
