package dev.kanal.worker.lane;

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
 * The dispatches that this worker took up in the last minutes: a record that comes again is a copy.
 * Usable from any thread.
 */
final class RecentRuns {
  static final Duration KEPT = Duration.ofMinutes(5);
  static final int MAX = 200_000;

  private final Ticker ticker;
  private final int max;
  private final ReentrantLock lock = new ReentrantLock();

  /** Guarded by lock. */
  private final Map<Key, CompletableFuture<Void>> runs = new HashMap<>();

  /** Guarded by lock; oldest first. */
  private final ArrayDeque<Aged> ages = new ArrayDeque<>();

  private record Key(JobId job, int dispatch) {}

  private record Aged(Key key, CompletableFuture<Void> run, long nanos) {}

  RecentRuns(Ticker ticker, int max) {
    this.ticker = ticker;
    this.max = max;
  }

  /**
   * Takes up a dispatch.
   *
   * @param known completes when Kafka has the run's lease or outcome
   * @return null if it is new; else the {@code known} of the run that has it
   */
  @Nullable CompletableFuture<Void> take(JobId job, int dispatch, CompletableFuture<Void> known) {
    Key key = new Key(job, dispatch);
    lock.lock();
    try {
      CompletableFuture<Void> earlier = runs.putIfAbsent(key, known);
      if (earlier == null) {
        long now = ticker.nanos();
        ages.addLast(new Aged(key, known, now));
        trim(now);
      }
      return earlier;
    } finally {
      lock.unlock();
    }
  }

  /** The run was given back: the dispatch may come again. */
  void forget(JobId job, int dispatch) {
    lock.lock();
    try {
      runs.remove(new Key(job, dispatch));
    } finally {
      lock.unlock();
    }
  }

  /** Whether the dispatch was taken up and not given back. */
  boolean contains(JobId job, int dispatch) {
    lock.lock();
    try {
      return runs.containsKey(new Key(job, dispatch));
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

  private void trim(long now) {
    for (Aged oldest; (oldest = ages.peekFirst()) != null; ) {
      if (ages.size() <= max && now - oldest.nanos < KEPT.toNanos()) {
        return;
      }
      ages.removeFirst();
      runs.remove(oldest.key, oldest.run);
    }
  }
}
