package dev.kanal.worker.presence;

import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.worker.WorkerReport;
import dev.kanal.common.worker.WorkerReport.QueueUse;
import dev.kanal.common.worker.WorkerReport.Rates;
import dev.kanal.common.worker.WorkerReport.Running;
import dev.kanal.common.worker.WorkerReport.Slots;
import dev.kanal.worker.pool.Pool;
import dev.kanal.worker.presence.RunTally.Counts;
import dev.kanal.worker.presence.RunTally.QueueCounts;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.Collection;
import java.util.Deque;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * Makes a worker's reports. What happened in the last minute is computed from the counts of the
 * last minute's reports, which are kept for that. Belongs to one thread at a time.
 */
final class Reports {
  private static final double SECOND_NANOS = 1e9;

  private final About about;
  private final RunTally tally;
  private final Pool pool;
  private final Deque<Counts> before = new ArrayDeque<>();

  /**
   * What does not change.
   *
   * @param queues to take tasks from; empty: all
   */
  record About(
      WorkerRef worker,
      String host,
      String version,
      Instant startedAt,
      List<String> queues,
      List<String> types) {
    About {
      queues = sorted(queues);
      types = sorted(types);
    }

    private static List<String> sorted(Collection<String> names) {
      return names.stream().sorted().limit(WorkerReport.NAMES_MAX).toList();
    }
  }

  Reports(About about, RunTally tally, Pool pool) {
    this.about = about;
    this.tally = tally;
    this.pool = pool;
    before.add(tally.counts());
  }

  WorkerReport next(Instant now, boolean draining) {
    Counts counts = tally.counts();
    Counts base = since(counts.nanos());
    double seconds = (counts.nanos() - base.nanos()) / SECOND_NANOS;
    Running running = new Running(tally.runningCount(), tally.oldest(WorkerReport.TASKS_MAX));
    Rates rates =
        new Rates(
            rate(counts.started() - base.started(), seconds),
            rate(counts.finished() - base.finished(), seconds));
    Slots slots = new Slots(pool.settings().total(), pool.size(), pool.taken(), uses(counts, base));
    before.add(counts);
    return new WorkerReport(
        about.worker,
        about.host,
        about.version,
        about.startedAt,
        now,
        about.queues,
        about.types,
        slots,
        running,
        rates,
        draining,
        true);
  }

  /** The youngest counts that are a minute old, or the oldest there are. */
  private Counts since(long nowNanos) {
    Counts base = before.element();
    while (before.size() > 1 && nowNanos - before.element().nanos() >= windowNanos()) {
      base = before.remove();
    }
    return base;
  }

  private static long windowNanos() {
    return WorkerReport.WINDOW.toNanos();
  }

  private Map<String, QueueUse> uses(Counts counts, Counts base) {
    Map<String, Pool.Room> rooms = pool.rooms();
    Map<String, QueueUse> uses = new TreeMap<>();
    counts
        .queues()
        .forEach(
            (queue, now) -> {
              QueueCounts then = base.queues().getOrDefault(queue, QueueCounts.NONE);
              long finished = now.finished() - then.finished();
              double ran = (now.ranNanos() - then.ranNanos()) / SECOND_NANOS;
              if ((now.busy() > 0 || finished > 0) && uses.size() < WorkerReport.NAMES_MAX) {
                Pool.Room room = rooms.getOrDefault(queue, Pool.Room.NONE);
                uses.put(queue, new QueueUse(now.busy(), room.size(), room.lag(), finished, ran));
              }
            });
    return uses;
  }

  private static double rate(long count, double seconds) {
    return seconds <= 0 ? 0 : count / seconds;
  }
}
