package dev.kanal.scheduler.api.counts;

import dev.kanal.common.telemetry.BoundedNames;
import dev.kanal.common.telemetry.Meters;
import dev.kanal.common.telemetry.Metric;
import dev.kanal.common.worker.KnownWorkers;
import dev.kanal.common.worker.WorkerReport;
import dev.kanal.scheduler.api.counts.LagSeries.Sample;
import dev.kanal.scheduler.engine.query.JobReader.Flow;
import dev.kanal.scheduler.queues.QueueDirectory;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Looks once a second at the queues of the whole installation, and keeps what it sees. A second in
 * which a shard does not answer is left out. Keeps at most {@link #QUEUES_MAX} queues: the one idle
 * longest makes room for one that is not. Usable from any thread.
 */
public final class LagSampler {
  static final Duration EVERY = Duration.ofSeconds(1);

  /** About 230 KB each after a day. */
  static final int QUEUES_MAX = 100;

  /** Of how many looks one asks the brokers, too. */
  private static final int GROUPS_EVERY = 10;

  private final Supplier<Future<QueueCounts.Look>> looker;
  private final QueueDirectory queues;
  private final KnownWorkers workers;
  private final StatsWatch watch;
  private final InstantSource clock;
  private final Map<String, LagSeries> series = new ConcurrentHashMap<>();
  private final Map<String, Long> groupLags = new ConcurrentHashMap<>();
  private final AtomicBoolean looking = new AtomicBoolean();
  private int looks; // the timer's thread

  /** Of the last look; where answers arrive, one at a time. */
  private long lookedMs;

  private Set<String> looked = Set.of();

  /** Queues in which something waited or ran at the last look. */
  private volatile Set<String> inUse = Set.of();

  /**
   * @param looker asks all nodes
   * @param watch sees what they say, too
   */
  public LagSampler(
      Supplier<Future<QueueCounts.Look>> looker,
      QueueDirectory queues,
      KnownWorkers workers,
      InstantSource clock,
      StatsWatch watch) {
    this.looker = looker;
    this.queues = queues;
    this.workers = workers;
    this.watch = watch;
    this.clock = clock;
  }

  /** Begins to look; ends with {@code vertx}. */
  public void start(Vertx vertx, Meters meters) {
    meters.observe(
        Metric.QUEUE_GROUP_LAG, seen -> groupLags.forEach((queue, lag) -> seen.put(lag, queue)));
    meters.observe(Metric.QUEUE_WORKERS, this::workers);
    var _ = vertx.setPeriodic(EVERY.toMillis(), _ -> look());
  }

  /** Nobody is said to be missing while it is not known who is there. */
  private void workers(Meters.Observed seen) {
    if (workers.isComplete()) {
      List<WorkerReport> live = workers.live();
      for (String queue : inUse) {
        seen.put(live.stream().filter(each -> each.takes(queue)).count(), queue);
      }
    }
  }

  /** The series of a queue, if it is kept. */
  public @Nullable LagSeries of(String queue) {
    return series.get(queue);
  }

  /** The rates of a queue; null while they are not known. */
  public LagSeries.@Nullable Rates rates(String queue) {
    LagSeries kept = series.get(queue);
    return kept == null ? null : kept.rates(clock.millis());
  }

  private void look() {
    if (looking.compareAndSet(false, true)) {
      looker.get().onSuccess(this::take).onComplete(_ -> looking.set(false));
    }
    looks++;
    if (looks % GROUPS_EVERY == 0) {
      askBrokers();
    }
  }

  /** Asks for the lags of groups that may have changed. */
  void askBrokers() {
    changing().forEach(this::askBrokers);
  }

  /**
   * Queues whose groups may have another lag than at the last look: not those that have nothing to
   * do and whose group has read everything.
   */
  List<String> changing() {
    return series.keySet().stream()
        .filter(queue -> inUse.contains(queue) || groupLags.getOrDefault(queue, 1L) > 0)
        .toList();
  }

  private void take(QueueCounts.Look look) {
    long nowMs = clock.millis();
    take(look.sums(), nowMs);
    watch.take(look, WorkerTotals.of(workers.live()), nowMs);
  }

  void take(Map<String, QueueSum> sums, long nowMs) {
    series.keySet().retainAll(sums.keySet());
    groupLags.keySet().retainAll(sums.keySet());
    sums.forEach(
        (queue, sum) -> {
          LagSeries kept = series.get(queue);
          if (kept == null && (series.size() < QUEUES_MAX || makeRoom(sum, nowMs))) {
            kept = begin(queue);
          }
          if (kept != null) {
            kept.add(
                new Sample(
                    nowMs, sum.lag(), sum.inFlight(), sum.oldestAgeSeconds(nowMs), sum.flow()));
          }
        });
    lookedMs = nowMs;
    looked = Set.copyOf(sums.keySet());
    inUse =
        sums.entrySet().stream()
            .filter(each -> each.getValue().unfinished() > 0)
            .map(Map.Entry::getKey)
            .limit(BoundedNames.MAX)
            .collect(Collectors.toUnmodifiableSet());
  }

  /** Of a queue that was not there at the last look all that came has come since. */
  private LagSeries begin(String queue) {
    LagSeries begun = new LagSeries();
    if (lookedMs > 0 && !looked.contains(queue)) {
      begun.add(new Sample(lookedMs, 0, 0, 0, Flow.NONE));
    }
    series.put(queue, begun);
    return begun;
  }

  /** Only for a queue in which there is something, and only one that has long been idle goes. */
  private boolean makeRoom(QueueSum forThis, long nowMs) {
    if (forThis.lag() + forThis.inFlight() == 0) {
      return false;
    }
    var idle =
        series.entrySet().stream()
            .min(Comparator.comparingLong(each -> each.getValue().activeMs()))
            .orElseThrow();
    if (nowMs - idle.getValue().activeMs() < LagSeries.FINE * EVERY.toMillis()) {
      return false;
    }
    series.remove(idle.getKey());
    return true;
  }

  private void askBrokers(String queue) {
    var _ =
        queues
            .groupLags(queue)
            .thenAccept(
                lags ->
                    groupLags.put(
                        queue,
                        lags.values().stream()
                            .flatMap(each -> each.values().stream())
                            .mapToLong(Long::longValue)
                            .sum()));
  }
}
