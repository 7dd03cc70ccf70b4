package dev.kanal.worker.presence;

import dev.kanal.common.telemetry.BoundedNames;
import dev.kanal.common.telemetry.Meters;
import dev.kanal.common.telemetry.Metric;
import dev.kanal.worker.lane.Arrivals;
import dev.kanal.worker.pool.Pool;
import dev.kanal.worker.pool.PoolReason;
import dev.kanal.worker.pool.Slots.Release;
import dev.kanal.worker.report.Reporter;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;

/** The worker's metrics, read when they are observed. */
public final class WorkerMeters {
  private static final double SECOND_MS = 1_000;
  private static final String EVENTS = "events";

  private WorkerMeters() {}

  /** Registers them, to be observed until {@code meters} are closed. */
  public static void observe(Meters meters, Pool pool, Reporter reporter, Arrivals arrivals) {
    meters.observe(
        Metric.WORKER_SLOTS,
        seen -> {
          seen.put(pool.settings().total(), "most");
          seen.put(pool.size(), "now");
          seen.put(pool.taken(), "busy");
        });
    BoundedNames queues = new BoundedNames();
    meters.observe(
        Metric.POOL_SIZE,
        seen -> {
          Map<String, Integer> sizes = new HashMap<>();
          pool.all()
              .forEach((queue, slots) -> sizes.merge(queues.of(queue), slots.size(), Integer::sum));
          sizes.forEach((queue, size) -> seen.put(size, queue));
        });
    meters.observe(
        Metric.POOL_BUSY,
        seen -> {
          Map<String, Integer> busy = new HashMap<>();
          pool.all()
              .forEach((queue, slots) -> busy.merge(queues.of(queue), slots.taken(), Integer::sum));
          busy.forEach((queue, taken) -> seen.put(taken, queue));
        });
    meters.observe(
        Metric.POOL_DECISIONS,
        seen -> {
          for (PoolReason reason : PoolReason.values()) {
            seen.put(pool.decided(reason), word(reason));
          }
        });
    meters.observe(
        Metric.SLOTS_RELEASED,
        seen -> {
          for (Release reason : Release.values()) {
            seen.put(pool.released(reason), word(reason));
          }
        });
    BoundedNames channels = new BoundedNames();
    meters.observe(
        Metric.CHANNEL_RECEIVED,
        seen -> {
          Map<String, Long> sums = new HashMap<>();
          arrivals
              .counts()
              .forEach(
                  (channel, count) ->
                      sums.merge(channels.of("tasks." + channel), count, Long::sum));
          sums.forEach((channel, count) -> seen.put(count, channel));
        });
    observe(meters, reporter);
  }

  private static void observe(Meters meters, Reporter reporter) {
    meters.observe(Metric.WORKER_LEASES, seen -> seen.put(reporter.held()));
    meters.observe(Metric.CHANNEL_LENGTH, seen -> seen.put(reporter.unsent(), EVENTS));
    meters.observe(Metric.CHANNEL_SENT, seen -> seen.put(reporter.taken(), EVENTS));
    meters.observe(
        Metric.WORKER_STALLED, seen -> seen.put(reporter.stalledFor().toMillis() / SECOND_MS));
  }

  private static String word(Enum<?> reason) {
    return reason.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
