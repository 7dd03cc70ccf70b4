package dev.kanal.common.worker;

import dev.kanal.common.clock.Ticker;
import dev.kanal.common.log.WorkerRef;
import java.time.Duration;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.ConcurrentHashMap;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The workers that were heard from lately. Usable from any thread; written by the one that reads
 * the topic.
 */
public final class KnownWorkers {
  /** Workers beyond this many are not remembered. */
  public static final int MAX = 10_000;

  private static final Logger log = LoggerFactory.getLogger(KnownWorkers.class);
  private static final long GONE_AFTER = WorkerReport.GONE_AFTER.toNanos();

  private final Ticker ticker;
  private final Map<String, Heard> heard = new ConcurrentHashMap<>();
  private volatile boolean complete;

  private record Heard(WorkerReport report, long nanos) {}

  public KnownWorkers(Ticker ticker) {
    this.ticker = ticker;
  }

  /**
   * A worker's report has come.
   *
   * @param ago how long before now
   */
  public void take(WorkerReport report, Duration ago) {
    String id = report.worker().toString();
    long now = ticker.nanos();
    if (heard.size() >= MAX && !heard.containsKey(id)) {
      heard.values().removeIf(each -> now - each.nanos >= GONE_AFTER);
    }
    if (heard.size() < MAX || heard.containsKey(id)) {
      heard.put(id, new Heard(report, now - ago.toNanos()));
    } else {
      log.warn("There are more than {} workers; {} is not remembered", MAX, id);
    }
  }

  /** The worker with this id has stopped. */
  public void remove(String id) {
    heard.remove(id);
  }

  /** Whether everything has been read that was written before the reading began. */
  public boolean isComplete() {
    return complete;
  }

  /** Those that have not gone, by id. */
  public List<WorkerReport> live() {
    long now = ticker.nanos();
    heard.values().removeIf(each -> now - each.nanos >= GONE_AFTER);
    return heard.values().stream()
        .map(Heard::report)
        .sorted(Comparator.comparing(report -> report.worker().toString()))
        .toList();
  }

  /**
   * One of them.
   *
   * @param id as it is shown, now or by older releases, or its name alone: then the one that
   *     started last
   */
  public Optional<WorkerReport> of(String id) {
    String shown = WorkerRef.shown(id);
    return live().stream()
        .filter(each -> each.worker().toString().equals(shown) || each.worker().name().equals(id))
        .max(Comparator.comparing(WorkerReport::startedAt));
  }

  /** Whether one of them runs tasks of this type that come through this queue. */
  public boolean isHandled(String queue, String type) {
    long now = ticker.nanos();
    return heard.values().stream()
        .anyMatch(each -> now - each.nanos < GONE_AFTER && each.report.handles(queue, type));
  }

  /** Everything has been read that was written before the reading began. */
  public void reachedEnd() {
    complete = true;
  }
}
