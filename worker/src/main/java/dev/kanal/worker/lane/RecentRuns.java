package dev.kanal.worker.lane;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.job.JobId;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/**
 * The newest dispatch of each job that this worker accepted in the last minutes: a record with the
 * same dispatch, or an older one, is a copy. Usable from any thread.
 */
final class RecentRuns {
  static final Duration KEPT = Duration.ofMinutes(5);
  static final int MAX = 200_000;

  private static final CompletableFuture<Void> OBSOLETE = CompletableFuture.completedFuture(null);

  private final Ticker ticker;
  private final int max;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final Map<JobId, Taken> runs = new HashMap<>();

  /** Oldest first. */
  @GuardedBy("lock")
  private final ArrayDeque<Taken> ages = new ArrayDeque<>();

  private static final class Taken {
    private final JobId job;
    private final int dispatch;
    private final long nanos;

    /** Null once it was given back. */
    private @Nullable CompletableFuture<Void> run;

    private Taken(JobId job, int dispatch, long nanos, CompletableFuture<Void> run) {
      this.job = job;
      this.dispatch = dispatch;
      this.nanos = nanos;
      this.run = run;
    }
  }

  RecentRuns(Ticker ticker, int max) {
    this.ticker = ticker;
    this.max = max;
  }

  /**
   * Accepts a dispatch.
   *
   * @param known completes when Kafka has the run's lease or outcome
   * @return null if it is new; else the {@code known} of the run that has it, or a complete one if
   *     the job was sent again since
   */
  @Nullable CompletableFuture<Void> take(JobId job, int dispatch, CompletableFuture<Void> known) {
    lock.lock();
    try {
      Taken newest = runs.get(job);
      if (newest != null && newest.dispatch > dispatch) {
        return OBSOLETE;
      }
      if (newest != null && newest.dispatch == dispatch && newest.run != null) {
        return newest.run;
      }
      long now = ticker.nanos();
      Taken taken = new Taken(job, dispatch, now, known);
      runs.put(job, taken);
      ages.addLast(taken);
      trim(now);
      return null;
    } finally {
      lock.unlock();
    }
  }

  /** The run was given back: the dispatch may come again, an older one still may not. */
  void forget(JobId job, int dispatch) {
    lock.lock();
    try {
      Taken newest = runs.get(job);
      if (newest != null && newest.dispatch == dispatch) {
        newest.run = null;
      }
    } finally {
      lock.unlock();
    }
  }

  /** Whether the dispatch was accepted and not given back, or the job was sent again since. */
  boolean contains(JobId job, int dispatch) {
    lock.lock();
    try {
      Taken newest = runs.get(job);
      return newest != null
          && (newest.dispatch > dispatch || (newest.dispatch == dispatch && newest.run != null));
    } finally {
      lock.unlock();
    }
  }

  int size() {
    lock.lock();
    try {
      return runs.size();
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private void trim(long now) {
    for (Taken oldest; (oldest = ages.peekFirst()) != null; ) {
      if (ages.size() <= max && now - oldest.nanos < KEPT.toNanos()) {
        return;
      }
      ages.removeFirst();
      runs.remove(oldest.job, oldest);
    }
  }
}
