package dev.kanal.scheduler.api.capacity;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.common.clock.Ticker;
import dev.kanal.scheduler.api.counts.ShardUses;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.NodeClient;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.ShardUse;
import dev.kanal.scheduler.queues.QueueDirectory;
import io.vertx.core.Future;
import io.vertx.core.Promise;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Keeps queues within their capacity, softly: while jobs come, every owner is asked for its counts
 * every {@link #EVERY}; what other nodes take in between is not seen. A shard that cannot be asked
 * counts as it last did. Usable from any thread.
 */
public final class QueueGauges {
  static final Duration EVERY = Duration.ofMillis(250);

  private static final Duration FRESH = EVERY.multipliedBy(2);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final JobReader reader;
  private final NodeClient forwarder;
  private final AllOwners owners;
  private final QueueDirectory queues;
  private final Ticker ticker;
  private final Map<String, QueueGauge> gauges = new ConcurrentHashMap<>();

  @GuardedBy("this")
  private @Nullable CompletableFuture<Void> reading;

  private volatile boolean used;
  private volatile boolean everRead;
  private volatile long readNanos;

  public QueueGauges(
      JobReader reader,
      QueueDirectory queues,
      Ticker ticker,
      AllOwners owners,
      NodeClient forwarder) {
    this.reader = reader;
    this.queues = queues;
    this.ticker = ticker;
    this.owners = owners;
    this.forwarder = forwarder;
  }

  /** Begins to ask; ends with {@code vertx}. */
  public void start(Vertx vertx) {
    var _ = vertx.setPeriodic(EVERY.toMillis(), _ -> readIfUsed());
  }

  /** Counts of the queue; they hold what was sent by this node. */
  QueueGauge of(String queue) {
    return gauges.computeIfAbsent(queue, _ -> new QueueGauge());
  }

  /**
   * Takes a place for a job of the queue; completes at once while the counts are fresh. A caller
   * that takes one reports to the gauge what became of the job.
   *
   * @param atMost how long to wait for a place if there is none
   */
  CompletableFuture<Boolean> take(String queue, Duration atMost) {
    used = true;
    boolean known = gauges.containsKey(queue);
    QueueGauge gauge = of(queue);
    long capacity = capacity(queue);
    boolean fresh = everRead && known && ticker.nanos() - readNanos < FRESH.toNanos();
    if (fresh || (known && !gauge.isUsedToHalf(capacity))) {
      return take(gauge, capacity, atMost);
    }
    return read()
        .copy()
        .completeOnTimeout(null, PATIENCE.toMillis(), TimeUnit.MILLISECONDS)
        .thenCompose(_ -> take(gauge, capacity, atMost));
  }

  long capacity(String queue) {
    return queues.settings(queue).capacity();
  }

  private CompletableFuture<Boolean> take(QueueGauge gauge, long capacity, Duration atMost) {
    if (gauge.tryTake(capacity)) {
      return CompletableFuture.completedFuture(true);
    }
    return atMost.isZero() || atMost.isNegative()
        ? CompletableFuture.completedFuture(false)
        : gauge.take(capacity, atMost);
  }

  private void readIfUsed() {
    boolean wanted = used || gauges.values().stream().anyMatch(QueueGauge::isWaitedFor);
    used = false;
    if (wanted) {
      var _ = read();
    }
  }

  /** Asks every owner, unless that is under way. */
  private CompletableFuture<Void> read() {
    CompletableFuture<Void> done = new CompletableFuture<>();
    synchronized (this) {
      if (reading != null) {
        return reading;
      }
      reading = done;
    }
    List<Future<?>> answers = new ArrayList<>();
    answers.add(here());
    for (NodeClient.Node node : owners.others()) {
      answers.add(forwarder.ask(node, ShardUses.QUESTION, "").onSuccess(this::take));
    }
    var _ =
        Future.join(answers)
            .onComplete(
                _ -> {
                  gauges.values().forEach(QueueGauge::readAll);
                  readNanos = ticker.nanos();
                  everRead = true;
                  synchronized (this) {
                    reading = null;
                  }
                  done.complete(null);
                });
    return done;
  }

  private Future<Void> here() {
    Promise<Void> read = Promise.promise();
    var _ =
        reader
            .use()
            .whenComplete(
                (uses, failure) -> {
                  if (failure == null) {
                    take(uses);
                    read.complete();
                  } else {
                    read.fail(failure);
                  }
                });
    return read.future();
  }

  private void take(List<ShardUse> uses) {
    for (ShardUse use : uses) {
      gauges.forEach(
          (queue, gauge) ->
              gauge.read(use.shard(), use.applied(), use.unfinished().getOrDefault(queue, 0L)));
    }
  }
}
