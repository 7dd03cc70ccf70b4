package dev.kanal.scheduler.engine.shard;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.LogFormat;
import dev.kanal.scheduler.engine.query.EventRing;
import dev.kanal.scheduler.engine.step.BlockedHeads;
import dev.kanal.scheduler.engine.table.Rows;
import java.time.Duration;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.IntSupplier;
import java.util.function.ToLongFunction;
import org.jspecify.annotations.Nullable;

/**
 * What a shard lets other threads know, and who waits for it. Written by the shard's thread, read
 * by any.
 */
public final class ShardStatus {
  /** Ten times as long as a shard's thread waits for records in a poll. */
  private static final Duration QUIET = Duration.ofSeconds(1);

  private final int number;
  private final Rows rows;
  private final Set<String> queues;
  private final long endAtStart;
  private final Set<String> ready = ConcurrentHashMap.newKeySet();
  private final Set<String> unhandled = ConcurrentHashMap.newKeySet();
  private final ConcurrentHashMap<String, List<String>> handledTypes = new ConcurrentHashMap<>();
  private final EventRing events;
  private final ConcurrentHashMap<JobId, Set<FinalWaiter>> untilFinal = new ConcurrentHashMap<>();
  private final PriorityQueue<Waiter> untilOffset = new PriorityQueue<>(); // guarded by itself

  /** By channel: no job is queued since an earlier log offset. */
  private final ConcurrentHashMap<Channel, Long> queuedFronts = new ConcurrentHashMap<>();

  private volatile boolean typesKnown;
  private volatile long applied;
  private volatile long nowMs;
  private volatile long nextTickMs = Long.MAX_VALUE;
  private volatile long aliveNanos;
  private volatile boolean offsetsAwaited;

  private volatile ToLongFunction<String> submitted = _ -> 0;
  private volatile IntSupplier logFormat = LogFormat.JOBS::number;

  private final TicksAhead ticks = new TicksAhead();
  private final LogTime logTime = new LogTime();

  /**
   * A shard whose log ended at {@code endAtStart} when it came to this node.
   *
   * @param rows for any thread
   * @param queues those with counts, for any thread
   */
  public ShardStatus(int number, Rows rows, Set<String> queues, long endAtStart, long applied) {
    this.number = number;
    this.rows = rows;
    this.queues = queues;
    this.endAtStart = endAtStart;
    this.applied = applied;
    this.events = new EventRing(applied);
  }

  public EventRing events() {
    return events;
  }

  public int number() {
    return number;
  }

  /** What the shard holds; fails once it has left this node. */
  public Rows rows() {
    return rows;
  }

  /** The queues of which there are or were jobs. */
  public Set<String> queues() {
    return queues;
  }

  /** A worker of the queue had no handler for a task. */
  public void noteUnhandled(String queue) {
    unhandled.add(queue);
  }

  /**
   * What the shard knows of the types that the queue's workers run.
   *
   * @param types null if nothing
   */
  public void noteTypes(String queue, @Nullable List<String> types) {
    typesKnown = true;
    if (types == null) {
      handledTypes.remove(queue);
    } else {
      handledTypes.put(queue, types);
    }
  }

  /** The types that the queue's workers run, as far as the shard knows; null if it does not. */
  public @Nullable List<String> handledTypes(String queue) {
    return handledTypes.get(queue);
  }

  /** Whether the shard has learned of workers' types at least once. */
  public boolean knowsTypes() {
    return typesKnown;
  }

  /** The queue has a topic. */
  public void noteReady(String queue) {
    ready.add(queue);
  }

  /** The queues that have or had a topic. */
  public Set<String> readyQueues() {
    return ready;
  }

  /** Whether a worker of the queue had no handler for a task since the shard came here. */
  public boolean hasUnhandled(String queue) {
    return unhandled.contains(queue);
  }

  /** How many jobs have come new to the queue since the shard came to this node. */
  public long submitted(String queue) {
    return submitted.applyAsLong(queue);
  }

  /** Where they are read; by any thread. */
  public void submitted(ToLongFunction<String> counting) {
    submitted = counting;
  }

  /**
   * The number of the format that the shard's log may have from now on, whatever happens to this
   * node.
   */
  public int logFormat() {
    return logFormat.getAsInt();
  }

  /** Where it is read; by any thread. */
  public void logFormat(IntSupplier committed) {
    logFormat = committed;
  }

  /** Whether nothing stood in the log when the shard came here: it has never been read. */
  public boolean isNew() {
    return endAtStart == 0;
  }

  /** Whether everything that stood in the log when the shard came here has been applied. */
  public boolean caughtUp() {
    return applied >= endAtStart - 1;
  }

  public long applied() {
    return applied;
  }

  /**
   * Where to begin to look for a channel's queued jobs. Jobs are queued at the offset that is
   * applied, so a front never moves back; one that is not known costs time and no more.
   */
  public long queuedFront(Channel channel) {
    return queuedFronts.getOrDefault(channel, 0L);
  }

  /**
   * By any thread that has looked.
   *
   * @param offset since when a job is queued; if none is, the one that was next before the look
   */
  public void moveQueuedFront(Channel channel, long offset) {
    if (queuedFronts.size() >= BlockedHeads.CHANNELS_MAX) {
      queuedFronts.clear();
    }
    queuedFronts.merge(channel, offset, Math::max);
  }

  public long aliveNanos() {
    return aliveNanos;
  }

  public void alive(long nanos) {
    aliveNanos = nanos;
  }

  /** By the shard's thread, after each record and its {@link #applied}. */
  public void read(long nanos) {
    alive(nanos);
    logTime.read(nowMs, nanos);
  }

  /** The log's time up to which all has been decided; far behind the clock if the shard is. */
  public long nowMs() {
    return nowMs;
  }

  /**
   * By the shard's thread, after each record.
   *
   * @return whether the next tick is wanted earlier than before
   */
  public boolean applied(long offset, long timeMs, long nextTick) {
    boolean earlier = nextTick < nextTickMs;
    nextTickMs = nextTick;
    nowMs = timeMs;
    applied = offset;
    events.applied(offset);
    if (offsetsAwaited) {
      answerOffsets();
    }
    return earlier;
  }

  /**
   * How long it is until the shard wants a tick, zero or less if it does now: as it has something
   * to do, or has read nothing for so long that its thread may be asleep: by a wall clock that was
   * set back, Kafka's clients wait for too long.
   *
   * @param wallMs by this machine's wall clock, which may be behind
   */
  public long nanosToTick(long wallMs, long nanos) {
    long left = nextTickMs - Math.max(wallMs, logTime.ms(nanos));
    return Math.min(TimeUnit.MILLISECONDS.toNanos(left), QUIET.toNanos() - (nanos - aliveNanos));
  }

  /**
   * Whether to append a tick, if one is wanted: not while one stands in the log still to be read.
   * By any thread.
   *
   * @param read the offset up to which everything is applied, or is just now
   */
  public boolean takeTick(long nanos, long read) {
    return caughtUp() && ticks.take(nanos, read);
  }

  /** What became of a tick that was taken: it stands in the log. */
  public void tickStands(long offset) {
    ticks.stands(offset);
  }

  /** What became of a tick that was taken: it could not be sent, or nobody knows. */
  public void tickFailed() {
    ticks.failed();
  }

  /** Completes once the record before {@code end} has been applied. */
  public CompletableFuture<Void> awaitEnd(long end) {
    CompletableFuture<Void> reached = new CompletableFuture<>();
    synchronized (untilOffset) {
      untilOffset.add(new Waiter(end - 1, reached));
      offsetsAwaited = true;
    }
    answerOffsets();
    return reached;
  }

  /** Completes once the job has become final; to be asked before the job is looked at. */
  public FinalWaiter awaitFinal(JobId job) {
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
  public void forget(FinalWaiter waiter) {
    untilFinal.computeIfPresent(
        waiter.job,
        (_, waiters) -> {
          waiters.remove(waiter);
          return waiters.isEmpty() ? null : waiters;
        });
  }

  public void ended(JobId job) {
    Set<FinalWaiter> waiters = untilFinal.remove(job);
    if (waiters != null) {
      waiters.forEach(waiter -> waiter.ended.complete(null));
    }
  }

  /** The shard leaves this node: nobody here will learn more. */
  public void left() {
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
  public static final class FinalWaiter {
    private final JobId job;
    private final CompletableFuture<Void> ended = new CompletableFuture<>();

    private FinalWaiter(JobId job) {
      this.job = job;
    }

    /** Completes once the job has become final; cancelled when the shard leaves this node. */
    public CompletableFuture<Void> ended() {
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
