package dev.kanal.worker.control;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.JobId;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The cancelled runs that this worker has heard of lately, and the time since which it has heard of
 * all: before it runs an older task it has to ask. Usable from any thread.
 */
public final class Cancels {
  public static final Duration KEPT = Duration.ofMinutes(15);
  public static final int MAX = 200_000;

  private final Clocks clocks;
  private final int max;
  private final ReentrantLock lock = new ReentrantLock();

  /** The greatest cancelled dispatch. */
  @GuardedBy("lock")
  private final Map<JobId, Cancel> cancels = new HashMap<>();

  /** Oldest first. */
  @GuardedBy("lock")
  private final ArrayDeque<Cancel> ages = new ArrayDeque<>();

  /** Null while nothing is known. */
  @GuardedBy("lock")
  private @Nullable Instant completeFrom;

  private record Cancel(JobId job, int dispatch, Instant at, long nanos) {}

  public Cancels(Clocks clocks) {
    this(clocks, MAX);
  }

  Cancels(Clocks clocks, int max) {
    this.clocks = clocks;
    this.max = max;
  }

  /** From now on every cancel after {@code time} will be heard of. */
  public void completeFrom(Instant time) {
    lock.lock();
    try {
      completeFrom = time;
    } finally {
      lock.unlock();
    }
  }

  /** Dispatches of {@code job} up to this one are not to be run. */
  public void add(JobId job, int dispatch) {
    lock.lock();
    try {
      Cancel earlier = cancels.get(job);
      if (earlier == null || earlier.dispatch < dispatch) {
        long now = clocks.ticker().nanos();
        Cancel cancel = new Cancel(job, dispatch, clocks.wall().instant(), now);
        cancels.put(job, cancel);
        ages.addLast(cancel);
        trim(now);
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the run is known to be cancelled. */
  public boolean contains(JobId job, int dispatch) {
    lock.lock();
    try {
      Cancel cancel = cancels.get(job);
      return cancel != null && dispatch <= cancel.dispatch;
    } finally {
      lock.unlock();
    }
  }

  /** Whether a cancel of a task that was sent then would be known here. */
  public boolean coversSince(Instant sent) {
    lock.lock();
    try {
      trim(clocks.ticker().nanos());
      return completeFrom != null && !sent.isBefore(completeFrom);
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return cancels.size();
    } finally {
      lock.unlock();
    }
  }

  /** A forgotten cancel is about a task sent before it: nothing is certain about those any more. */
  @GuardedBy("lock")
  private void trim(long now) {
    for (Cancel oldest; (oldest = ages.peekFirst()) != null; ) {
      if (ages.size() <= max && now - oldest.nanos < KEPT.toNanos()) {
        return;
      }
      ages.removeFirst();
      if (cancels.remove(oldest.job, oldest)
          && completeFrom != null
          && completeFrom.isBefore(oldest.at)) {
        completeFrom = oldest.at;
      }
    }
  }
}
