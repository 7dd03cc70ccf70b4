package dev.kanal.scheduler.engine;

import dev.kanal.common.job.JobId;
import java.time.Duration;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * What a shard lets other threads know, and who waits for it. Written by the shard's thread, read
 * by any.
 */
final class ShardStatus {
  private final int number;
  private final Rows rows;
  private final Set<String> queues;
  private final long endAtStart;
  private final EventRing events;
  private final ConcurrentHashMap<JobId, Set<FinalWaiter>> untilFinal = new ConcurrentHashMap<>();
  private final PriorityQueue<Waiter> untilOffset = new PriorityQueue<>(); // guarded by itself

  /** By lane: no job is queued since an earlier log offset. */
  private final ConcurrentHashMap<Lane, Long> queuedFronts = new ConcurrentHashMap<>();

  private volatile long applied;
  private volatile long nowMs;
  private volatile long nextTickMs;
  private volatile long aliveNanos;
  private volatile boolean offsetsAwaited;
  private volatile long tickAskedMs;

  /** Ticks that were asked for, and neither read nor failed to be sent. */
  private final AtomicInteger ticksAhead = new AtomicInteger();

  // Of the last time that a tick was asked for, or waited for in vain; the tick loop's alone.
  private long tickLookNanos;
  private long appliedThen;

  /**
   * A shard whose log ended at {@code endAtStart} when it came to this node.
   *
   * @param rows for any thread
   * @param queues those with counts, for any thread
   */
  ShardStatus(int number, Rows rows, Set<String> queues, long endAtStart, long applied) {
    this.number = number;
    this.rows = rows;
    this.queues = queues;
    this.endAtStart = endAtStart;
    this.applied = applied;
    this.events = new EventRing(applied);
  }

  EventRing events() {
    return events;
  }

  int number() {
    return number;
  }

  /** What the shard holds; fails once it has left this node. */
  Rows rows() {
    return rows;
  }

  /** The queues of which there are or were jobs. */
  Set<String> queues() {
    return queues;
  }

  /** Whether everything that stood in the log when the shard came here has been applied. */
  boolean caughtUp() {
    return applied >= endAtStart - 1;
  }

  long applied() {
    return applied;
  }

  /**
   * Where to begin to look for a lane's queued jobs. Jobs are queued at the offset that is applied,
   * so a front never moves back; one that is not known costs time and no more.
   */
  long queuedFront(Lane lane) {
    return queuedFronts.getOrDefault(lane, 0L);
  }

  /**
   * By any thread that has looked.
   *
   * @param offset since when a job is queued; if none is, the one that was next before the look
   */
  void moveQueuedFront(Lane lane, long offset) {
    if (queuedFronts.size() >= Fronts.LANES_MAX) {
      queuedFronts.clear();
    }
    queuedFronts.merge(lane, offset, Math::max);
  }

  long aliveNanos() {
    return aliveNanos;
  }

  void alive(long nanos) {
    aliveNanos = nanos;
  }

  /** The log's time up to which all has been decided; far behind the clock if the shard is. */
  long nowMs() {
    return nowMs;
  }

  /** By the shard's thread, after each record. */
  void applied(long offset, long timeMs, long nextTick) {
    nextTickMs = nextTick;
    nowMs = timeMs;
    applied = offset;
    events.applied(offset);
    if (offsetsAwaited) {
      answerOffsets();
    }
  }

  /**
   * A tick was read. Those of a node are read in their order: after the last that was asked for
   * there are none, whatever became of the others.
   *
   * @param timeMs of the tick
   */
  void tickRead(long timeMs) {
    if (timeMs >= tickAskedMs) {
      ticksAhead.set(0);
    } else {
      tickGone();
    }
  }

  /** A tick could not be sent. */
  void tickGone() {
    ticksAhead.updateAndGet(ahead -> Math.max(0, ahead - 1));
  }

  /**
   * Whether to append a tick now: if one is wanted and none stands in the log still to be read. A
   * shard that is behind so gets no more of them, which would put it further behind. One is taken
   * for lost if nothing is read for as long as the patience, or the log is read that far beyond it.
   * For one thread.
   */
  boolean takeTick(long nowMs, long nowNanos, Duration patience) {
    if (nowMs < nextTickMs || !caughtUp()) {
      return false;
    }
    if (ticksAhead.get() > 0) {
      if (nowNanos - tickLookNanos < patience.toNanos()) {
        return false;
      }
      if (applied != appliedThen && this.nowMs < tickAskedMs + patience.toMillis()) {
        tickLookNanos = nowNanos;
        appliedThen = applied;
        return false;
      }
    }
    tickLookNanos = nowNanos;
    appliedThen = applied;
    tickAskedMs = nowMs;
    ticksAhead.incrementAndGet();
    return true;
  }

  /** Completes once the record before {@code end} has been applied. */
  CompletableFuture<Void> awaitEnd(long end) {
    CompletableFuture<Void> reached = new CompletableFuture<>();
    synchronized (untilOffset) {
      untilOffset.add(new Waiter(end - 1, reached));
      offsetsAwaited = true;
    }
    answerOffsets();
    return reached;
  }

  /** Completes once the job has become final; to be asked before the job is looked at. */
  FinalWaiter awaitFinal(JobId job) {
    FinalWaiter waiter = new FinalWaiter(job);
    untilFinal.compute(
        job,
        (_, waiters) -> {
          Set<FinalWaiter> all = waiters == null ? ConcurrentHashMap.newKeySet() : waiters;
          all.add(waiter);
          return all;
        });
    return waiter;
  }

  /** Nobody waits any more through {@code waiter}. */
  void forget(FinalWaiter waiter) {
    untilFinal.computeIfPresent(
        waiter.job,
        (_, waiters) -> {
          waiters.remove(waiter);
          return waiters.isEmpty() ? null : waiters;
        });
  }

  void ended(JobId job) {
    Set<FinalWaiter> waiters = untilFinal.remove(job);
    if (waiters != null) {
      waiters.forEach(waiter -> waiter.ended.complete(null));
    }
  }

  /** The shard leaves this node: nobody here will learn more. */
  void left() {
    synchronized (untilOffset) {
      untilOffset.forEach(waiter -> waiter.reached.cancel(false));
      untilOffset.clear();
    }
    untilFinal.values().forEach(all -> all.forEach(waiter -> waiter.ended.cancel(false)));
    untilFinal.clear();
  }

  private void answerOffsets() {
    synchronized (untilOffset) {
      for (Waiter first; (first = untilOffset.peek()) != null && first.offset <= applied; ) {
        untilOffset.remove();
        first.reached.complete(null);
      }
      offsetsAwaited = !untilOffset.isEmpty();
    }
  }

  /** Somebody who waits for a job's end; identity counts. */
  static final class FinalWaiter {
    private final JobId job;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private FinalWaiter(JobId job) {
      this.job = job;
    }

    /** Completes once the job has become final; cancelled when the shard leaves this node. */
    CompletableFuture<Void> ended() {
      return ended;
    }
  }

  private record Waiter(long offset, CompletableFuture<Void> reached)
      implements Comparable<Waiter> {
    @Override
    public int compareTo(Waiter other) {
      return Long.compare(offset, other.offset);
    }
  }
}
