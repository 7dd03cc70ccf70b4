package dev.kanal.worker.lost;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.worker.KnownWorkers;
import dev.kanal.common.worker.WorkerFeed;
import dev.kanal.common.worker.WorkerReport;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;

/**
 * Which workers are silent. No I/O and no clock but the ticker: the answer follows from what was
 * heard when.
 *
 * <ul>
 *   <li>A worker is lost once nothing was heard from it for its patience, {@link #PATIENCE} at
 *       first.
 *   <li>Only while this worker hears itself: where its own pulses do not come back, Kafka is away
 *       or this worker stood still, and other workers cannot be judged. Their silence counts from
 *       the time its own pulses come again.
 *   <li>One that is heard again was not dead: each such mistake doubles the patience with it.
 *   <li>A lost worker is handled a few times, at growing intervals: an attempt may have failed, or
 *       this worker may have joined later.
 * </ul>
 *
 * Usable from any thread.
 */
public final class Silences implements WorkerFeed.Words {
  /** Three pulses. */
  static final Duration PATIENCE = WorkerReport.PULSE_EVERY.multipliedBy(3);

  /** As long as Kafka itself waits by default: more patience would be of no use. */
  static final Duration PATIENCE_MAX = PATIENCE.multipliedBy(16);

  /** If own pulses do not come back at least this often, other workers are not judged. */
  static final Duration ECHO_WITHIN = WorkerReport.PULSE_EVERY.multipliedBy(2);

  /** The last look comes a minute after the first. */
  static final int LOOKS = 7;

  private static final long FIRST_PAUSE_NANOS = Duration.ofSeconds(1).toNanos();

  private final String self;
  private final Ticker ticker;

  @GuardedBy("this")
  private final Map<String, Watched> workers = new HashMap<>();

  @GuardedBy("this")
  private long echoNanos;

  @GuardedBy("this")
  private long flowingSinceNanos;

  /** Guarded by the owner. */
  private static final class Watched {
    private long heardNanos;
    private long patienceNanos = PATIENCE.toNanos();
    private int looks;
    private long nextLookNanos;

    private boolean isLost() {
      return looks > 0;
    }
  }

  /**
   * @param self the id of this worker, which hears itself
   */
  public Silences(String self, Ticker ticker) {
    this.self = self;
    this.ticker = ticker;
    this.echoNanos = ticker.nanos() - 2 * ECHO_WITHIN.toNanos();
  }

  @Override
  public synchronized void heard(String id) {
    long now = ticker.nanos();
    if (id.equals(self)) {
      if (now - echoNanos > ECHO_WITHIN.toNanos()) {
        flowingSinceNanos = now;
      }
      echoNanos = now;
      return;
    }
    Watched worker = workers.get(id);
    if (worker == null) {
      if (workers.size() >= KnownWorkers.MAX) {
        return;
      }
      worker = new Watched();
      workers.put(id, worker);
    } else if (worker.isLost()) {
      worker.patienceNanos = Math.min(2 * worker.patienceNanos, PATIENCE_MAX.toNanos());
      worker.looks = 0;
    }
    worker.heardNanos = now;
  }

  @Override
  public synchronized void gone(String id) {
    workers.remove(id);
  }

  /** Workers that are lost and to be handled now; each call is one look. */
  synchronized Set<String> due() {
    long now = ticker.nanos();
    if (now - echoNanos > ECHO_WITHIN.toNanos()) {
      return Set.of();
    }
    Set<String> due = new TreeSet<>();
    workers.forEach(
        (id, worker) -> {
          if (isDue(worker, now)) {
            due.add(id);
            worker.nextLookNanos = now + (FIRST_PAUSE_NANOS << worker.looks);
            worker.looks++;
          }
        });
    workers.values().removeIf(worker -> worker.looks >= LOOKS);
    return due;
  }

  @GuardedBy("this")
  private boolean isDue(Watched worker, long now) {
    if (worker.isLost()) {
      return now - worker.nextLookNanos >= 0;
    }
    long silentNanos = now - Math.max(worker.heardNanos, flowingSinceNanos);
    return silentNanos >= worker.patienceNanos;
  }

  /** Whether this worker's own pulses are heard, so that it may handle lost workers. */
  synchronized boolean isHeard(String id) {
    Watched worker = workers.get(id);
    return worker != null && !worker.isLost();
  }

  /** How many workers are watched. */
  synchronized int size() {
    return workers.size();
  }
}
