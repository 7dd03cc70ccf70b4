package dev.kanal.scheduler.engine.read;

import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.engine.query.ScheduleReader;
import dev.kanal.scheduler.engine.query.ScheduleView;
import dev.kanal.scheduler.engine.schedule.ScheduleRow;
import dev.kanal.scheduler.engine.shard.ShardStatus;
import dev.kanal.scheduler.engine.table.Range;
import dev.kanal.scheduler.engine.table.Rows;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** Reads the schedules of this node's shards, each question on a virtual thread of its own. */
public final class LocalScheduleReader implements ScheduleReader, AutoCloseable {
  private static final Duration CATCH_UP = Duration.ofSeconds(5);

  private final Shards homes;
  private final LocalShards shards;
  private final ExecutorService readers =
      Executors.newThreadPerTaskExecutor(Thread.ofVirtual().name("kanal-schedules-", 0).factory());

  /**
   * @param homes where schedules live
   */
  public LocalScheduleReader(Shards homes, LocalShards shards) {
    this.homes = homes;
    this.shards = shards;
  }

  @Override
  public CompletableFuture<Answer> find(String name) {
    return ask(
        name,
        status -> {
          ScheduleView found = status.caughtUp() ? read(status, name) : null;
          return found == null
              ? shards.logEnds().of(status.number()).thenCompose(status::awaitEnd)
              : CompletableFuture.completedFuture(null);
        });
  }

  @Override
  public CompletableFuture<Part> list(String after, int limit) {
    return CompletableFuture.supplyAsync(() -> listNow(after, limit), readers);
  }

  private Part listNow(String after, int limit) {
    Set<Integer> spokenFor = new HashSet<>();
    List<ScheduleView> all = new ArrayList<>();
    Range<String> names = ScheduleRow.TABLE.between(after + "\0", null);
    for (ShardStatus status : shards.all().values()) {
      if (!status.caughtUp() || !shards.isAlive(status)) {
        continue;
      }
      Rows mine = shards.rows(status.number());
      for (String name : mine.first(names, limit)) {
        ScheduleView view = ScheduleView.read(mine, name);
        if (view != null) {
          all.add(view);
        }
      }
      spokenFor.add(status.number());
    }
    all.sort(Comparator.comparing(ScheduleView::name));
    return new Part(spokenFor, all.subList(0, Math.min(limit, all.size())));
  }

  @Override
  public void close() {
    readers.shutdownNow();
  }

  /** Reads once the shard is as far as it has to be. */
  private CompletableFuture<Answer> ask(String name, Until until) {
    int shard = homes.ofSchedule(name);
    ShardStatus status = shards.all().get(shard);
    if (status == null || !shards.isAlive(status)) {
      return CompletableFuture.completedFuture(
          new Answer.Unavailable(
              "shard "
                  + shard
                  + (status == null ? " is not here" : " does not read its log at present")));
    }
    return CompletableFuture.completedFuture(status)
        .thenComposeAsync(until::reached, readers)
        .orTimeout(CATCH_UP.toMillis(), TimeUnit.MILLISECONDS)
        .<Answer>thenApplyAsync(
            _ -> {
              ScheduleView found = read(status, name);
              return found == null ? new Answer.Missing() : new Answer.Found(found);
            },
            readers)
        .exceptionally(
            failure ->
                new Answer.Unavailable(
                    "shard " + shard + " cannot be read: " + failure.getMessage()));
  }

  private @Nullable ScheduleView read(ShardStatus status, String name) {
    return ScheduleView.read(shards.rows(status.number()), name);
  }

  /** Completes when a shard may be read. */
  private interface Until {
    CompletableFuture<Void> reached(ShardStatus status);
  }
}
