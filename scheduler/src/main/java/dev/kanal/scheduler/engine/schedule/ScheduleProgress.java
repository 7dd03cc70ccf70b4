package dev.kanal.scheduler.engine.schedule;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.schedule.Skipped;
import dev.kanal.scheduler.engine.table.KeyCodec;
import dev.kanal.scheduler.engine.table.Letter;
import dev.kanal.scheduler.engine.table.Table;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiPredicate;

/**
 * How far a schedule is.
 *
 * @param consideredMs every tick up to this time has been fired or skipped
 * @param pausedUntilMs ticks up to this time that have not been considered are skipped as paused
 * @param nextMs when its timer is due; 0 without one
 * @param commands log offsets of the newest {@link #KEPT} commands that took effect, oldest first
 * @param runs the newest {@link #KEPT}, oldest first
 * @param skipped the newest {@link #KEPT}, oldest first
 */
public record ScheduleProgress(
    long consideredMs,
    long pausedUntilMs,
    long nextMs,
    List<Long> commands,
    List<ScheduledRun> runs,
    List<Skipped> skipped) {
  public static final int KEPT = 20;

  /** By the schedule's name. */
  public static final Table<String, ScheduleProgress> TABLE =
      new Table<>(Letter.SCHEDULE_PROGRESS, KeyCodec.TEXT, ScheduleRowCodec.PROGRESS);

  public ScheduleProgress {
    commands = List.copyOf(commands);
    runs = List.copyOf(runs);
    skipped = List.copyOf(skipped);
  }

  static ScheduleProgress start(long nowMs) {
    return new ScheduleProgress(nowMs, 0, 0, List.of(), List.of(), List.of());
  }

  ScheduleProgress considered(long timeMs) {
    return new ScheduleProgress(timeMs, pausedUntilMs, nextMs, commands, runs, skipped);
  }

  ScheduleProgress pausedUntil(long timeMs) {
    return new ScheduleProgress(consideredMs, timeMs, nextMs, commands, runs, skipped);
  }

  ScheduleProgress armed(long dueMs) {
    return new ScheduleProgress(consideredMs, pausedUntilMs, dueMs, commands, runs, skipped);
  }

  ScheduleProgress commanded(long offset) {
    return new ScheduleProgress(
        consideredMs, pausedUntilMs, nextMs, newest(commands, offset), runs, skipped);
  }

  ScheduleProgress ran(ScheduledRun run) {
    return withRuns(newest(runs, run));
  }

  /** The run of this job, if it is remembered, has ended. */
  ScheduleProgress ended(JobId job, JobState state, Instant at) {
    return withRuns(
        runs.stream().map(run -> run.job().equals(job) ? run.ended(state, at) : run).toList());
  }

  /**
   * Ticks were skipped.
   *
   * @param follows whether one time is that of the tick right after the other
   */
  ScheduleProgress skipped(Skipped more, BiPredicate<Instant, Instant> follows) {
    boolean goesOn =
        !skipped.isEmpty()
            && skipped.getLast().reason() == more.reason()
            && follows.test(more.first(), skipped.getLast().last());
    if (!goesOn) {
      return withSkipped(newest(skipped, more));
    }
    List<Skipped> next = new ArrayList<>(skipped);
    next.set(next.size() - 1, skipped.getLast().and(more));
    return withSkipped(next);
  }

  boolean hasUnfinished() {
    return runs.stream().anyMatch(ScheduledRun::isUnfinished);
  }

  private ScheduleProgress withRuns(List<ScheduledRun> next) {
    return new ScheduleProgress(consideredMs, pausedUntilMs, nextMs, commands, next, skipped);
  }

  private ScheduleProgress withSkipped(List<Skipped> next) {
    return new ScheduleProgress(consideredMs, pausedUntilMs, nextMs, commands, runs, next);
  }

  private static <T> List<T> newest(List<T> old, T added) {
    List<T> all = new ArrayList<>(old);
    all.add(added);
    return all.subList(Math.max(0, all.size() - KEPT), all.size());
  }
}
