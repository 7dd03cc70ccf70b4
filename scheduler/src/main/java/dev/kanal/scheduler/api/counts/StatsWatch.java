package dev.kanal.scheduler.api.counts;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.scheduler.stats.NodeRuns;
import dev.kanal.scheduler.stats.RunRecorder;
import dev.kanal.scheduler.stats.RunTally;
import java.time.Duration;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * What went on in the whole installation lately, from looks at all nodes: of each node counts what
 * has come since the look before. Usable from any thread.
 */
public final class StatsWatch {
  /** Queues of which times are kept. */
  static final int QUEUES_MAX = 200;

  private static final int QUEUE_SLOTS = 6;
  private static final Duration QUEUE_SLOT = Duration.ofSeconds(10);

  /** The columns of the series, as {@link #row} fills them. */
  public static final List<String> COLUMNS =
      List.of(
          "lag",
          "inFlight",
          "oldestAgeSeconds",
          "arrivalRate",
          "completionRate",
          "failureRate",
          "deadRate",
          "workers",
          "busySlots",
          "totalSlots",
          "waitP50",
          "waitP95",
          "waitP99",
          "runP50",
          "runP95",
          "runP99",
          "totalP50",
          "totalP95",
          "totalP99");

  private final SeriesRing fine = new SeriesRing(LagSeries.FINE, COLUMNS.size());
  private final SeriesRing coarse = new SeriesRing(LagSeries.COARSE, COLUMNS.size());

  @GuardedBy("this")
  private final Map<Window, PeriodRing> windows = new EnumMap<>(Window.class);

  @GuardedBy("this")
  private final Map<String, PeriodRing> queues = new HashMap<>();

  @GuardedBy("this")
  private Map<Long, NodeRuns> nodesBefore = Map.of();

  @GuardedBy("this")
  private Map<String, Long> arrivedBefore = Map.of();

  @GuardedBy("this")
  private long lookedMs;

  @GuardedBy("this")
  private Period last = Period.NONE;

  @GuardedBy("this")
  private Period sinceCoarse = Period.NONE;

  public StatsWatch() {
    for (Window window : Window.values()) {
      windows.put(window, new PeriodRing(window.slot, window.slots));
    }
  }

  /** The span of the statistics. */
  public enum Window {
    MINUTE("1m", Duration.ofSeconds(1), 60),
    QUARTER("15m", Duration.ofSeconds(10), 90),
    DAY("24h", Duration.ofMinutes(15), 96);

    private final String text;
    private final Duration slot;
    private final int slots;

    Window(String text, Duration slot, int slots) {
      this.text = text;
      this.slot = slot;
      this.slots = slots;
    }

    public String text() {
      return text;
    }

    public static @Nullable Window of(String text) {
      for (Window window : values()) {
        if (window.text.equals(text)) {
          return window;
        }
      }
      return null;
    }
  }

  /** Takes what a look has shown; the first one has nothing to compare with. */
  synchronized void take(QueueCounts.Look look, WorkerTotals totals, long nowMs) {
    Map<String, RunTally> runs = runsSince(look);
    long arrived = arrivedSince(look.sums());
    long ms = nowMs - lookedMs;
    boolean begun = lookedMs > 0 && ms > 0;
    lookedMs = nowMs;
    if (!begun) {
      return;
    }
    RunTally all = runs.values().stream().reduce(RunTally.none(), RunTally::plus);
    last = new Period(all, arrived, ms);
    windows.values().forEach(window -> window.add(nowMs, last));
    sinceCoarse = sinceCoarse.plus(last);
    QueueSum sum = sum(look.sums());
    fine.add(row(nowMs, sum, totals, last));
    if (sinceCoarse.ms() >= LagSeries.COARSE_SECONDS * 1_000L) {
      coarse.add(row(nowMs, sum, totals, sinceCoarse));
      sinceCoarse = Period.NONE;
    }
    takeQueues(runs, nowMs, ms);
  }

  public static QueueSum sum(Map<String, QueueSum> sums) {
    return sums.values().stream().reduce(QueueSum.NONE, QueueSum::plus);
  }

  /** What went on in the window. */
  public synchronized Period over(Window window, long nowMs) {
    return Objects.requireNonNull(windows.get(window), "window").sum(nowMs);
  }

  /** What went on between the last two looks. */
  public synchronized Period last() {
    return last;
  }

  /** What ended in the last minute in a queue; null if it is not kept. */
  public synchronized @Nullable RunTally queue(String name, long nowMs) {
    PeriodRing kept = queues.get(name);
    return kept == null ? null : kept.sum(nowMs).runs();
  }

  /** The points since a time, oldest first, a second or ten apart. */
  public synchronized List<SeriesRing.Row> since(long fromMs, boolean inSeconds) {
    return (inSeconds ? fine : coarse).since(fromMs);
  }

  /** Of a node that was not seen before nothing is counted: nobody knows since when it counts. */
  @GuardedBy("this")
  private Map<String, RunTally> runsSince(QueueCounts.Look look) {
    Map<String, RunTally> more = new HashMap<>();
    Map<Long, NodeRuns> nodes = new HashMap<>();
    for (NodeRuns node : look.runs()) {
      NodeRuns before = nodesBefore.get(node.node());
      if (before != null) {
        node.queues()
            .forEach(
                (queue, tally) -> {
                  RunTally had = before.queues().getOrDefault(queue, RunTally.none());
                  more.merge(queue, tally.since(had), RunTally::plus);
                });
      }
      nodes.put(node.node(), node);
    }
    nodesBefore = nodes;
    return more;
  }

  @GuardedBy("this")
  private long arrivedSince(Map<String, QueueSum> sums) {
    long more = 0;
    Map<String, Long> arrived = new HashMap<>();
    for (Map.Entry<String, QueueSum> each : sums.entrySet()) {
      long now = each.getValue().flow().submitted();
      more += Math.max(0, now - arrivedBefore.getOrDefault(each.getKey(), 0L));
      arrived.put(each.getKey(), now);
    }
    arrivedBefore = arrived;
    return more;
  }

  @GuardedBy("this")
  private void takeQueues(Map<String, RunTally> runs, long nowMs, long ms) {
    queues.values().removeIf(kept -> kept.isEmpty(nowMs));
    for (Map.Entry<String, RunTally> each : runs.entrySet()) {
      String queue = each.getKey();
      boolean active = each.getValue().runs().total() > 0;
      boolean room = queues.size() < QUEUES_MAX && !queue.equals(RunRecorder.OTHERS);
      if (active && (room || queues.containsKey(queue))) {
        queues
            .computeIfAbsent(queue, _ -> new PeriodRing(QUEUE_SLOT, QUEUE_SLOTS))
            .add(nowMs, new Period(each.getValue(), 0, ms));
      }
    }
  }

  private static SeriesRing.Row row(long nowMs, QueueSum sum, WorkerTotals totals, Period period) {
    RunTally runs = period.runs();
    return new SeriesRing.Row(
        nowMs,
        sum.lag(),
        sum.inFlight(),
        (float) sum.oldestAgeSeconds(nowMs),
        number(period.rate(period.arrived())),
        number(period.rate(runs.ends().succeeded())),
        number(period.rate(runs.ends().failed())),
        number(period.rate(runs.ends().dead())),
        totals.workers(),
        totals.busy(),
        totals.total(),
        number(runs.waits().quantile(0.5)),
        number(runs.waits().quantile(0.95)),
        number(runs.waits().quantile(0.99)),
        number(runs.runs().quantile(0.5)),
        number(runs.runs().quantile(0.95)),
        number(runs.runs().quantile(0.99)),
        number(runs.totals().quantile(0.5)),
        number(runs.totals().quantile(0.95)),
        number(runs.totals().quantile(0.99)));
  }

  private static float number(@Nullable Double value) {
    return value == null ? Float.NaN : value.floatValue();
  }
}
