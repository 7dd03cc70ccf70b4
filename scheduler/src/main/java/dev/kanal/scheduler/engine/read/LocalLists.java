package dev.kanal.scheduler.engine.read;

import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.engine.bulkaction.JobScan;
import dev.kanal.scheduler.engine.query.Listing;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.table.Rows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.BooleanSupplier;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Looks through the shards of this node for jobs, for a bounded time. */
final class LocalLists {
  /** How long one question may keep the node looking, about. */
  private static final Duration AT_MOST = Duration.ofMillis(40);

  private static final int SIDE_BY_SIDE =
      Math.clamp(Runtime.getRuntime().availableProcessors(), 1, 4);

  private final IntFunction<Rows> rows;
  private final Ticker ticker;
  private final Executor readers;

  /**
   * @param rows of a shard of this node, for any thread
   */
  LocalLists(IntFunction<Rows> rows, Ticker ticker, Executor readers) {
    this.rows = rows;
    this.ticker = ticker;
    this.readers = readers;
  }

  /** The newest jobs below {@code below} that {@code filter} means, up to a number. */
  CompletableFuture<Listing> list(
      Set<Integer> shards, JobFilter filter, @Nullable JobId below, int limit) {
    List<Integer> all = List.copyOf(shards);
    int parallel = Math.min(SIDE_BY_SIDE, all.size());
    long start = ticker.nanos();
    BooleanSupplier timeUp = () -> ticker.nanos() - start > AT_MOST.toNanos();
    List<CompletableFuture<List<Looking>>> parts = new ArrayList<>();
    for (int i = 0; i < parallel; i++) {
      int first = i;
      parts.add(
          CompletableFuture.supplyAsync(
              () -> {
                List<Looking> some = new ArrayList<>();
                for (int at = first; at < all.size(); at += parallel) {
                  some.add(new Looking(rows.apply(all.get(at)), filter, below));
                }
                look(some, limit, timeUp);
                return some;
              },
              readers));
    }
    return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
        .thenApplyAsync(
            _ ->
                merge(shards, parts.stream().flatMap(part -> part.join().stream()).toList(), limit),
            readers);
  }

  /** Always looks on where least is known, until enough is found or the time is up. */
  private static void look(List<Looking> shards, int limit, BooleanSupplier timeUp) {
    PriorityQueue<Looking> open = new PriorityQueue<>(Looking.LEAST_FAR);
    open.addAll(shards);
    while (!open.isEmpty()) {
      Looking next = open.remove();
      next.look(limit);
      if (next.reached != null) {
        open.add(next);
      }
      Looking least = open.peek();
      boolean allBegun = least == null || least.reached != null;
      if (allBegun && (timeUp.getAsBoolean() || enough(shards, least, limit))) {
        return;
      }
    }
  }

  private static boolean enough(List<Looking> shards, @Nullable Looking least, int limit) {
    JobId bound = least == null ? null : least.reached;
    int found = 0;
    for (Looking shard : shards) {
      found += shard.foundFrom(bound);
    }
    return found >= limit;
  }

  /** Shows no job that may have a newer one before it which was not reached yet. */
  private static Listing merge(Set<Integer> shards, List<Looking> all, int limit) {
    JobId reached = null;
    for (Looking each : all) {
      JobId here = each.reached;
      if (here != null && (reached == null || here.compareTo(reached) > 0)) {
        reached = here;
      }
    }
    List<Here> complete = new ArrayList<>();
    for (Looking each : all) {
      for (JobRow job : each.found) {
        if (reached == null || job.id().compareTo(reached) >= 0) {
          complete.add(new Here(each.rows, job));
        }
      }
    }
    complete.sort(Comparator.comparing((Here here) -> here.job.id()).reversed());
    if (complete.size() > limit) {
      complete = complete.subList(0, limit);
      reached = complete.getLast().job.id();
    }
    return new Listing.Part(
        shards,
        complete.stream().map(here -> JobViews.brief(here.rows, here.job)).toList(),
        reached);
  }

  /** A shard that is being looked through. */
  private static final class Looking {
    /** Those first that have not begun, then those that have come least far. */
    static final Comparator<Looking> LEAST_FAR =
        Comparator.comparing(
            (Looking looking) -> looking.reached,
            Comparator.nullsFirst(Comparator.<JobId>reverseOrder()));

    private final Rows rows;
    private final JobScan scan;
    private final List<JobRow> found = new ArrayList<>();
    private @Nullable JobId reached;

    Looking(Rows rows, JobFilter filter, @Nullable JobId below) {
      this.rows = rows;
      this.scan = new JobScan(rows, filter, below);
    }

    void look(int limit) {
      JobScan.Found more = scan.next(new JobScan.Bounds(limit, JobScan.LOOKED_EACH, () -> true));
      found.addAll(more.jobs());
      reached = more.reached();
    }

    int foundFrom(@Nullable JobId bound) {
      int count = found.size();
      while (bound != null && count > 0 && found.get(count - 1).id().compareTo(bound) < 0) {
        count--;
      }
      return count;
    }
  }

  private record Here(Rows rows, JobRow job) {}
}
