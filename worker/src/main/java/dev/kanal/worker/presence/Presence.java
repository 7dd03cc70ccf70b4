package dev.kanal.worker.presence;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.worker.KnownWorkers;
import dev.kanal.common.worker.WorkerFeed;
import dev.kanal.common.worker.WorkerReport;
import dev.kanal.worker.pool.Pool;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.ToIntFunction;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Sends this worker's report every {@link WorkerReport#EVERY}, and at once when it drains; and
 * knows the other workers. Usable from any thread; the executor sends.
 */
public final class Presence implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(Presence.class);
  static final Duration HEARD_WITHIN = Duration.ofSeconds(15);
  private static final long LAST_WORD_MS = 2_000;

  /** The interval between looks for the topic until it is found. */
  private static final long FIRST_MS = 200;

  private final Needs needs;
  private final Reports reports;
  private final KnownWorkers known;
  private final WorkerFeed feed;

  @GuardedBy("this")
  private long saidNanos;

  @GuardedBy("this")
  private boolean saidDraining;

  @GuardedBy("this")
  private boolean said;

  @GuardedBy("this")
  private boolean gone;

  private volatile boolean draining;
  private volatile boolean everTaken;
  private volatile long takenNanos;

  /**
   * Its collaborators.
   *
   * @param client settings of the consumer, brokers among them
   * @param topic of the workers
   * @param sink to the topic; not used once the worker has stopped; not closed here
   * @param executor with one thread, which may be blocked
   */
  public record Needs(
      Map<String, Object> client,
      String topic,
      Clocks clocks,
      Sink<Optional<WorkerReport>> sink,
      ScheduledExecutorService executor) {
    public Needs {
      client = Map.copyOf(client);
    }
  }

  /**
   * The facts about the worker that it reports.
   *
   * @param queues to take tasks from; empty: all
   */
  public record Self(
      WorkerRef worker,
      String host,
      String version,
      Set<String> queues,
      Set<String> types,
      Pool pool) {
    public Self {
      queues = Set.copyOf(queues);
      types = Set.copyOf(types);
    }
  }

  /**
   * @param words receives the signs of life of all workers
   */
  public Presence(Needs needs, Self self, RunTally tally, WorkerFeed.Words words) {
    this.needs = needs;
    var about =
        new Reports.About(
            self.worker,
            self.host,
            self.version,
            needs.clocks.wall().instant(),
            self.queues.stream().toList(),
            self.types.stream().toList());
    this.reports = new Reports(about, tally, self.pool);
    this.known = new KnownWorkers(needs.clocks.ticker());
    this.feed = new WorkerFeed(needs.client, needs.topic, known, words, needs.clocks.wall());
  }

  public void start() {
    feed.start();
    var _ = needs.executor.scheduleWithFixedDelay(this::look, 0, FIRST_MS, TimeUnit.MILLISECONDS);
  }

  /** The worker takes no more tasks: reports that at once. */
  public void drain() {
    draining = true;
  }

  public boolean draining() {
    return draining;
  }

  /**
   * Whether Kafka has accepted a report lately: it can be reached, and schedulers have set it up.
   */
  public boolean isHeard() {
    return everTaken && needs.clocks.ticker().nanos() - takenNanos < HEARD_WITHIN.toNanos();
  }

  /** Whether Kafka has ever accepted a report: the topic exists. */
  public boolean isKnown() {
    return everTaken;
  }

  /** The live workers. */
  public List<WorkerReport> live() {
    return known.live();
  }

  /** How many live workers read each queue now, this one included; 1 if none is known. */
  public ToIntFunction<String> readers() {
    return Readers.of(known.live());
  }

  /** Whether a live worker runs tasks of this type that come through this queue. */
  public boolean isHandled(String queue, String type) {
    return known.isHandled(queue, type);
  }

  /** Reports that the worker is gone; waits a moment for Kafka to accept that. */
  @Override
  public void close() {
    CompletableFuture<?> last;
    synchronized (this) {
      last = said ? needs.sink.send(Optional.empty()) : CompletableFuture.completedFuture(null);
      gone = true;
    }
    try {
      var _ = last.get(LAST_WORD_MS, TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException e) {
      log.debug("The worker is gone, and others learn it by its silence", e);
    }
    feed.close();
  }

  /** Sends a report, if one is due. */
  synchronized void look() {
    try {
      long now = needs.clocks.ticker().nanos();
      boolean due = !said || now - saidNanos >= WorkerReport.EVERY.toNanos();
      if (gone || !feed.found() || (!due && saidDraining == draining)) {
        return;
      }
      said = true;
      saidNanos = now;
      saidDraining = draining;
      WorkerReport report = reports.next(needs.clocks.wall().instant(), saidDraining);
      var _ =
          needs
              .sink
              .send(Optional.of(report))
              .whenComplete(
                  (_, failure) -> {
                    if (failure == null) {
                      takenNanos = needs.clocks.ticker().nanos();
                      everTaken = true;
                    } else {
                      log.debug("A report was not sent; the next will be", failure);
                    }
                  });
    } catch (RuntimeException e) {
      log.warn("The worker could not tell of itself", e);
    }
  }
}
