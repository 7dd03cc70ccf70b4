package dev.kanal.scheduler.queues;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.error.KanalException;
import java.time.Duration;
import java.util.HashSet;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/**
 * How many queues there may be, and how fast one scheduler makes new ones: each costs every worker
 * and every broker something, and a name is all that it takes to make one. Several schedulers
 * together may go beyond the first bound by what they make at the same moment. Usable from any
 * thread.
 */
public final class NewQueues {
  private static final double NANOS_PER_MINUTE = Duration.ofMinutes(1).toNanos();

  private final int max;
  private final int perMinute;
  private final Ticker ticker;
  private final ReentrantLock lock = new ReentrantLock();

  /** Those that are being made. */
  @GuardedBy("lock")
  private final Set<String> coming = new HashSet<>();

  /** How many may be made now. */
  @GuardedBy("lock")
  private double left;

  /** When {@code left} was so. */
  @GuardedBy("lock")
  private long leftAt;

  /**
   * Bounds of which nothing is used.
   *
   * @param max queues at all
   * @param perMinute new ones in a minute, also all at once
   */
  public NewQueues(int max, int perMinute, Ticker ticker) {
    this.max = max;
    this.perMinute = perMinute;
    this.ticker = ticker;
    this.left = perMinute;
    this.leftAt = ticker.nanos();
  }

  /**
   * A queue is about to be made; {@link #over} ends that, whatever came of it.
   *
   * @param there the names of all queues
   * @throws KanalException if it must not be: {@code TOO_MANY_QUEUES}, or {@code RATE_LIMITED} for
   *     a while
   */
  void begin(String queue, Set<String> there) {
    lock.lock();
    try {
      Set<String> all = new HashSet<>(there);
      all.addAll(coming);
      if (all.contains(queue)) {
        return;
      }
      if (all.size() >= max) {
        throw new KanalException(
            ErrorCode.TOO_MANY_QUEUES,
            "Expected at most %d queues (queues.max), but %s would be one more"
                .formatted(max, queue));
      }
      long now = ticker.nanos();
      left = Math.min(perMinute, left + (now - leftAt) * perMinute / NANOS_PER_MINUTE);
      leftAt = now;
      if (left < 1) {
        throw new KanalException(
            ErrorCode.RATE_LIMITED,
            "Expected at most %d new queues a minute (queues.new-per-minute), but %s would be one more"
                .formatted(perMinute, queue));
      }
      left--;
      coming.add(queue);
    } finally {
      lock.unlock();
    }
  }

  /** The queue is there, or will not be. */
  void over(String queue) {
    lock.lock();
    try {
      coming.remove(queue);
    } finally {
      lock.unlock();
    }
  }
}
