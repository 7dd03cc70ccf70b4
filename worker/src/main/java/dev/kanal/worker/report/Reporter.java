package dev.kanal.worker.report;

import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.log.Lease;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.AskToRun;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.Heartbeat;
import dev.kanal.common.log.LogEntry.HeldLeases;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.Logged;
import dev.kanal.common.log.LogEntry.Progressed;
import dev.kanal.common.log.LogEntry.Stopped;
import dev.kanal.common.log.LogEntry.SubmitChild;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.upkeep.Resend;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.ReentrantReadWriteLock;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a worker's events and keeps each until Kafka has it: failed ones are sent again without
 * end, so an event may stand in the log twice and, after a failure, behind a later one. Callers
 * wait for their events to be accepted before they make many more; that bounds what is kept. Usable
 * from any thread; may block for as long as the sink's buffer is full.
 */
public final class Reporter implements AutoCloseable {
  /** Between the heartbeats to one shard. */
  public static final Duration HEARTBEAT = Duration.ofSeconds(5);

  /** Between the full lists of leases to one shard. */
  public static final Duration HELD = Duration.ofSeconds(30);

  /** A lease ends when the engine has heard nothing of its worker for this long. */
  public static final Duration LEASE = Duration.ofSeconds(15);

  /** Progress is refused while this many are unsent. */
  static final int PROGRESS_MAX = 1_000;

  /** While this many log records are unsent, further ones wait with their tasks. */
  static final int LOGS_MAX = 1_000;

  private static final Logger log = LoggerFactory.getLogger(Reporter.class);
  private static final Duration RESEND_PAUSE = Duration.ofSeconds(1);

  private final Sink<ToShard> events;
  private final Sink<Unread> quarantine;
  private final WorkerRef worker;
  private final Ticker ticker;
  private final ScheduledExecutorService timer;
  private final Resend again;
  private final Leases leases = new Leases();
  private final AtomicInteger unsent = new AtomicInteger();
  private final LongAdder taken = new LongAdder();
  private final AtomicInteger unsentProgress = new AtomicInteger();
  private final AtomicInteger unsentLogs = new AtomicInteger();

  /** By shard: when the last event that Kafka has accepted was sent. */
  private final AtomicLongArray heardNanos = new AtomicLongArray(JobId.MAX_SHARDS);

  /** Shared while a lease is added and reported; exclusive while all leases are reported. */
  private final ReentrantReadWriteLock listing = new ReentrantReadWriteLock();

  private volatile long progressNanos;

  /** Both sinks share one producer; closing the first closes it. */
  public Reporter(
      Sink<ToShard> events,
      Sink<Unread> quarantine,
      WorkerRef worker,
      Ticker ticker,
      ScheduledExecutorService timer) {
    this.events = events;
    this.quarantine = quarantine;
    this.worker = worker;
    this.ticker = ticker;
    this.timer = timer;
    this.again =
        new Resend(
            task -> {
              var _ = timer.schedule(task, RESEND_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
            });
    this.progressNanos = ticker.nanos();
    for (int shard = 0; shard < heardNanos.length(); shard++) {
      heardNanos.set(shard, progressNanos);
    }
  }

  public WorkerRef worker() {
    return worker;
  }

  /** Starts sending heartbeats and lists of leases. */
  public void start() {
    long every = HEARTBEAT.toMillis();
    var _ = timer.scheduleAtFixedRate(this::beat, every, every, TimeUnit.MILLISECONDS);
    long list = HELD.toMillis();
    var _ = timer.scheduleAtFixedRate(this::list, list, list, TimeUnit.MILLISECONDS);
  }

  /** Completes once Kafka has the lease; from then on heartbeats renew it. Never fails. */
  public CompletableFuture<Void> leased(Leased leased) {
    return holding(leased.run(), leased);
  }

  /**
   * Asks whether the task may be run. Completes once Kafka has the question; the asker counts as
   * the lease's holder from then on. Never fails.
   */
  public CompletableFuture<Void> ask(Run run) {
    return holding(run, new AskToRun(run));
  }

  /** The lease is held no more, and no heartbeat renews it. */
  public void leaseEnded(Run run) {
    leases.remove(run.job(), run.dispatch());
  }

  public boolean holdsLease(JobId job, int dispatch) {
    return leases.contains(job, dispatch);
  }

  /** Completes once Kafka has it; to be called when it has the outcome. Never fails. */
  public CompletableFuture<Void> stopped(Run run) {
    return keep(run.job().shard(), new Stopped(run));
  }

  /**
   * Sends progress once; it may be lost.
   *
   * @return false if too much is unsent
   */
  public boolean progressed(Progressed progressed) {
    if (stalledFor().compareTo(RESEND_PAUSE) >= 0) {
      return false;
    }
    if (unsentProgress.incrementAndGet() > PROGRESS_MAX) {
      unsentProgress.decrementAndGet();
      return false;
    }
    var _ =
        send(progressed.run().job().shard(), progressed)
            .whenComplete((_, _) -> unsentProgress.decrementAndGet());
    return true;
  }

  /** Whether lines of logs may be sent now: not while much is unsent. */
  public boolean takesLines() {
    return stalledFor().compareTo(RESEND_PAUSE) < 0 && unsentLogs.get() < LOGS_MAX;
  }

  /** Completes once Kafka has the lines. Never fails. */
  public CompletableFuture<Void> logged(Logged logged) {
    unsentLogs.incrementAndGet();
    return keep(logged.job().shard(), logged).whenComplete((_, _) -> unsentLogs.decrementAndGet());
  }

  /** Sends a child once; completes when Kafka has it, and fails when Kafka did not accept it. */
  public CompletableFuture<Void> submits(SubmitChild submit) {
    return send(submit.job().shard(), submit).thenApply(_ -> null);
  }

  /** Whether the engine has heard nothing from this worker for so long that a lease has ended. */
  public boolean isCutOff(JobId job, long sinceNanos) {
    long now = ticker.nanos();
    long silence = Math.min(now - sinceNanos, now - heardNanos.get(job.shard()));
    return silence >= LEASE.toNanos();
  }

  /** Completes once Kafka has the outcome. Never fails. */
  public CompletableFuture<Void> finished(Finished finished) {
    Run run = finished.run();
    if (finished.stillRunning()) {
      leases.add(run.job(), run.dispatch());
    }
    return keep(run.job().shard(), finished);
  }

  /** Completes once quarantine has the record. Never fails. */
  public CompletableFuture<Void> unreadable(Unread unread) {
    log.warn(
        "A task record could not be read and goes to quarantine: {}", unread.why().getMessage());
    CompletableFuture<Void> taken = begun();
    again.send(() -> quarantine.send(unread), () -> done(taken));
    return taken;
  }

  /** For how long Kafka has accepted nothing while something waits; zero if nothing waits. */
  public Duration stalledFor() {
    return unsent.get() == 0
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, ticker.nanos() - progressNanos));
  }

  /** How many leases the worker holds. */
  public int held() {
    return leases.count();
  }

  /** How many events that must not get lost Kafka has accepted. */
  public long taken() {
    return taken.sum();
  }

  /** How many events Kafka has not accepted yet. */
  public int unsent() {
    return unsent.get();
  }

  @Override
  public void close() {
    again.close();
    events.close();
  }

  private CompletableFuture<Void> holding(Run run, LogEntry event) {
    listing.readLock().lock();
    try {
      leases.add(run.job(), run.dispatch());
      return keep(run.job().shard(), event);
    } finally {
      listing.readLock().unlock();
    }
  }

  private CompletableFuture<Void> keep(int shard, LogEntry event) {
    CompletableFuture<Void> taken = begun();
    trySend(shard, event, taken);
    return taken;
  }

  private CompletableFuture<Void> begun() {
    if (unsent.getAndIncrement() == 0) {
      progressNanos = ticker.nanos();
    }
    return new CompletableFuture<>();
  }

  /** Sends an event to a shard once; it may get lost. */
  private CompletableFuture<Position> send(int shard, LogEntry event) {
    long now = ticker.nanos();
    return events
        .send(new ToShard(shard, event))
        .whenComplete(
            (_, failure) -> {
              if (failure == null) {
                heard(shard, now);
              }
            });
  }

  private void heard(int shard, long sentNanos) {
    heardNanos.accumulateAndGet(shard, sentNanos, (a, b) -> a - b > 0 ? a : b);
  }

  private void trySend(int shard, LogEntry event, CompletableFuture<Void> taken) {
    long now = ticker.nanos();
    var _ =
        events
            .send(new ToShard(shard, event))
            .whenComplete(
                (_, failure) -> {
                  if (failure == null) {
                    heard(shard, now);
                    done(taken);
                  } else {
                    LogEntry next =
                        event instanceof Finished finished && isTooLarge(failure)
                            ? tooLarge(finished)
                            : event;
                    log.debug("An event was not sent and will be sent again", failure);
                    again.later(() -> trySend(shard, next, taken));
                  }
                });
  }

  private void done(CompletableFuture<Void> taken) {
    progressNanos = ticker.nanos();
    unsent.decrementAndGet();
    this.taken.increment();
    taken.complete(null);
  }

  void beat() {
    try {
      for (int shard : leases.shards()) {
        var _ = send(shard, new Heartbeat(worker));
      }
    } catch (RuntimeException e) {
      log.warn("A round of heartbeats failed", e);
    }
  }

  /** In the log no list without the lease comes after the lease. */
  void list() {
    try {
      for (int shard : leases.shards()) {
        listing.writeLock().lock();
        try {
          List<Lease> held = leases.list(shard);
          if (held.size() <= HeldLeases.MAX) {
            var _ = send(shard, new HeldLeases(worker, held));
          }
        } finally {
          listing.writeLock().unlock();
        }
      }
    } catch (RuntimeException e) {
      log.warn("A round of lists of leases failed", e);
    }
  }

  /** What is reported in place of an outcome that the topic does not accept. */
  private static Finished tooLarge(Finished finished) {
    ErrorInfo error =
        new ErrorInfo(
            "result-too-large",
            "Expected an outcome within the log's max.message.bytes, but it is larger",
            null);
    return new Finished(
        finished.run(),
        finished.startedAt(),
        finished.finishedAt(),
        new Outcome.Failed(error, false),
        finished.stillRunning(),
        finished.trace());
  }

  private static boolean isTooLarge(@Nullable Throwable failure) {
    for (Throwable cause = failure; cause != null; cause = cause.getCause()) {
      if (cause instanceof RecordTooLargeException) {
        return true;
      }
    }
    return false;
  }
}
