package dev.kanal.scheduler.engine;

import dev.kanal.common.clock.Ticker;
import dev.kanal.common.job.JobFilter;
import dev.kanal.common.job.JobId;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import java.util.function.IntFunction;
import org.jspecify.annotations.Nullable;

/** Looks through the shards of this node for jobs, for a bounded time. */
final class LocalLists {
  /** How long one question may keep the node looking, about. */
  private static final Duration AT_MOST = Duration.ofMillis(40);

  private static final int JOBS_MAX = 5_000;
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

  /** The newest jobs below {@code below} that {@code filter} means, at most so many. */
  CompletableFuture<Listing> list(
      Set<Integer> shards, JobFilter filter, @Nullable JobId below, int limit) {
    List<Integer> all = List.copyOf(shards);
    int parallel = Math.min(SIDE_BY_SIDE, all.size());
    Duration slice = AT_MOST.multipliedBy(parallel).dividedBy(Math.max(1, all.size()));
    List<CompletableFuture<List<Looked>>> parts = new ArrayList<>();
    for (int i = 0; i < parallel; i++) {
      int first = i;
      parts.add(
          CompletableFuture.supplyAsync(
              () -> {
                List<Looked> looked = new ArrayList<>();
                for (int at = first; at < all.size(); at += parallel) {
                  looked.add(look(rows.apply(all.get(at)), filter, below, limit, slice));
                }
                return looked;
              },
              readers));
    }
    return CompletableFuture.allOf(parts.toArray(CompletableFuture<?>[]::new))
        .thenApplyAsync(
            _ ->
                merge(shards, parts.stream().flatMap(part -> part.join().stream()).toList(), limit),
            readers);
  }

  private Looked look(
      Rows shard, JobFilter filter, @Nullable JobId below, int limit, Duration slice) {
    long start = ticker.nanos();
    JobScan.Bounds bounds =
        new JobScan.Bounds(limit, JOBS_MAX, () -> ticker.nanos() - start > slice.toNanos());
    return new Looked(shard, new JobScan(shard, filter).next(below, bounds));
  }

  /** Shows no job that may have a newer one before it which was not reached yet. */
  private static Listing merge(Set<Integer> shards, List<Looked> all, int limit) {
    JobId reached = null;
    for (Looked each : all) {
      JobId here = each.found.reached();
      if (here != null && (reached == null || here.compareTo(reached) > 0)) {
        reached = here;
      }
    }
    List<Here> complete = new ArrayList<>();
    for (Looked each : all) {
      for (JobRow job : each.found.jobs()) {
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
    return new Listing.Share(
        shards,
        complete.stream().map(here -> JobViews.brief(here.rows, here.job)).toList(),
        reached);
  }

  private record Looked(Rows rows, JobScan.Found found) {}

  private record Here(Rows rows, JobRow job) {}
}
