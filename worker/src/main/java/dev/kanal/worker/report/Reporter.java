package dev.kanal.worker.report;

import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.Heartbeat;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.log.WorkerRef;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.function.Supplier;
import org.apache.kafka.common.errors.RecordTooLargeException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends a worker's events and keeps each until Kafka has it: what failed is sent again, for ever,
 * so an event may stand in the log twice and, after a failure, behind a later one. Whoever makes
 * events waits for them to be taken before it makes many more; that bounds what is kept. Usable
 * from any thread; may block for as long as the sink's buffer is full.
 */
public final class Reporter implements AutoCloseable {
  /** Between the heartbeats to one shard. */
  public static final Duration HEARTBEAT = Duration.ofSeconds(5);

  private static final Logger log = LoggerFactory.getLogger(Reporter.class);
  private static final Duration RESEND_PAUSE = Duration.ofSeconds(1);

  private final Sink<ToShard> events;
  private final Sink<Unread> quarantine;
  private final WorkerRef worker;
  private final Ticker ticker;
  private final ScheduledExecutorService timer;
  private final AtomicIntegerArray leases = new AtomicIntegerArray(JobId.MAX_SHARDS);
  private final AtomicInteger unsent = new AtomicInteger();

  private volatile long progressNanos;
  private volatile boolean closed;

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
    this.progressNanos = ticker.nanos();
  }

  public WorkerRef worker() {
    return worker;
  }

  /** Begins to send heartbeats. */
  public void start() {
    long every = HEARTBEAT.toMillis();
    var _ = timer.scheduleAtFixedRate(this::beat, every, every, TimeUnit.MILLISECONDS);
  }

  /** Completes once Kafka has the lease; from then on heartbeats renew it. Never fails. */
  public CompletableFuture<Void> leased(Leased leased) {
    leases.incrementAndGet(leased.run().job().shard());
    return keep(() -> events.send(toShard(leased.run().job(), leased)));
  }

  /** No more heartbeats for a lease of {@code job}. */
  public void leaseEnded(JobId job) {
    leases.decrementAndGet(job.shard());
  }

  /** Completes once Kafka has the outcome. Never fails. */
  public CompletableFuture<Void> finished(Finished finished) {
    JobId job = finished.run().job();
    AtomicInteger tooLarge = new AtomicInteger();
    return keep(
        () -> {
          Finished sent = tooLarge.get() == 0 ? finished : tooLarge(finished);
          return events
              .send(toShard(job, sent))
              .whenComplete(
                  (_, failure) -> {
                    if (failure != null && isTooLarge(failure)) {
                      tooLarge.set(1);
                    }
                  });
        });
  }

  /** Completes once quarantine has the record. Never fails. */
  public CompletableFuture<Void> unreadable(Unread unread) {
    log.warn(
        "A task record could not be read and goes to quarantine: {}", unread.why().getMessage());
    return keep(() -> quarantine.send(unread));
  }

  /** For how long nothing was taken though something waits; zero if nothing waits. */
  public Duration stalledFor() {
    return unsent.get() == 0
        ? Duration.ZERO
        : Duration.ofNanos(Math.max(0, ticker.nanos() - progressNanos));
  }

  /** How many events Kafka has not taken yet. */
  public int unsent() {
    return unsent.get();
  }

  @Override
  public void close() {
    closed = true;
    events.close();
  }

  private CompletableFuture<Void> keep(Supplier<CompletableFuture<Position>> sending) {
    if (unsent.getAndIncrement() == 0) {
      progressNanos = ticker.nanos();
    }
    CompletableFuture<Void> taken = new CompletableFuture<>();
    trySend(sending, taken);
    return taken;
  }

  private void trySend(
      Supplier<CompletableFuture<Position>> sending, CompletableFuture<Void> taken) {
    var _ =
        sending
            .get()
            .whenComplete(
                (_, failure) -> {
                  if (failure == null) {
                    progressNanos = ticker.nanos();
                    unsent.decrementAndGet();
                    taken.complete(null);
                  } else {
                    sendLater(sending, taken, failure);
                  }
                });
  }

  private void sendLater(
      Supplier<CompletableFuture<Position>> sending,
      CompletableFuture<Void> taken,
      Throwable failure) {
    if (closed) {
      return;
    }
    log.debug("An event was not sent and will be sent again", failure);
    try {
      var _ =
          timer.schedule(
              () -> trySend(sending, taken), RESEND_PAUSE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      log.debug("The worker stops with an event unsent", e);
    }
  }

  private void beat() {
    try {
      for (int shard = 0; shard < leases.length(); shard++) {
        if (leases.get(shard) > 0) {
          var _ = events.send(new ToShard(shard, new Heartbeat(worker)));
        }
      }
    } catch (RuntimeException e) {
      log.warn("A round of heartbeats failed", e);
    }
  }

  private static ToShard toShard(JobId job, LogEntry entry) {
    return new ToShard(job.shard(), entry);
  }

  /** What is told instead of an outcome that the topic does not take. */
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
        new Outcome.Failed(error, false));
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
