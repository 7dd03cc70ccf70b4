package dev.kanal.scheduler.api;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.ScheduleTick;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.Shards;
import dev.kanal.common.schedule.ConcurrencyPolicy;
import dev.kanal.common.schedule.ScheduleSpec;
import dev.kanal.scheduler.engine.query.ScheduleReader;
import dev.kanal.scheduler.engine.query.ScheduleView;
import dev.kanal.scheduler.engine.schedule.ScheduledRun;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/** What the engine does with schedules, as far as the API can tell. Time stands still. */
public final class InMemorySchedules implements ScheduleReader {
  private static final Instant NOW = InMemoryEngine.NOW;
  private static final Shards SHARDS = new Shards(InMemoryShards.SHARDS);

  public final Map<String, ScheduleView> all = new ConcurrentSkipListMap<>();
  public volatile @Nullable Answer answer;

  private final IntPredicate isHere;
  private final Consumer<LogEntry.Submit> submits;

  InMemorySchedules(IntPredicate isHere, Consumer<LogEntry.Submit> submits) {
    this.isHere = isHere;
    this.submits = submits;
  }

  void apply(long offset, LogEntry.ScheduleEntry entry) {
    ScheduleView known = all.get(entry.schedule());
    Long revision = known == null ? null : known.revision();
    switch (entry) {
      case LogEntry.PutSchedule(var name, var spec, var condition, _) -> {
        if (condition.holds(revision)) {
          boolean paused = known == null ? spec.paused() : known.spec().paused();
          put(name, spec.withPaused(paused), known, offset);
        }
      }
      case LogEntry.DeleteSchedule(var name, var condition) -> {
        if (condition.holds(revision)) {
          all.remove(name);
        }
      }
      case LogEntry.PauseSchedule(var name, var paused, var condition) -> {
        if (known != null && condition.holds(revision)) {
          put(name, known.spec().withPaused(paused), known, offset);
        }
      }
      case LogEntry.TriggerSchedule _ -> trigger(known, offset);
      case LogEntry.ScheduledJobEnded _ -> {}
    }
  }

  private void put(String name, ScheduleSpec spec, @Nullable ScheduleView known, long offset) {
    long revision = known != null && known.spec().equals(spec) ? known.revision() : offset;
    List<ScheduledRun> runs = known == null ? List.of() : known.runs();
    all.put(
        name,
        new ScheduleView(
            name, spec, NOW, NOW, NOW, NOW, revision, List.of(offset), runs, List.of()));
  }

  private void trigger(@Nullable ScheduleView known, long offset) {
    if (known == null
        || (known.spec().concurrency() == ConcurrencyPolicy.FORBID && !known.runs().isEmpty())) {
      return;
    }
    JobId job = JobId.of(0, NOW.toEpochMilli(), offset);
    submits.accept(
        new LogEntry.Submit(
            job,
            known.spec().job().withTick(new ScheduleTick(known.name(), NOW)),
            TraceContext.NONE));
    List<ScheduledRun> runs = new ArrayList<>(known.runs());
    runs.add(new ScheduledRun(NOW, job, NOW, offset, null, null));
    all.put(
        known.name(),
        new ScheduleView(
            known.name(),
            known.spec(),
            NOW,
            NOW,
            NOW,
            NOW,
            known.revision(),
            List.of(offset),
            runs,
            List.of()));
  }

  @Override
  public CompletableFuture<Answer> find(String name) {
    Answer fixed = answer;
    ScheduleView view = all.get(name);
    return CompletableFuture.completedFuture(
        fixed != null ? fixed : view == null ? new Answer.Missing() : new Answer.Found(view));
  }

  @Override
  public CompletableFuture<Part> list(String after, int limit) {
    Set<Integer> here = new HashSet<>();
    for (int shard = 0; shard < SHARDS.count(); shard++) {
      if (isHere.test(shard)) {
        here.add(shard);
      }
    }
    return CompletableFuture.completedFuture(
        new Part(
            here,
            all.values().stream()
                .filter(view -> view.name().compareTo(after) > 0)
                .filter(view -> here.contains(SHARDS.ofSchedule(view.name())))
                .limit(limit)
                .toList()));
  }
}
