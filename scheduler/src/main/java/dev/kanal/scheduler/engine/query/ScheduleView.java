package dev.kanal.scheduler.engine.query;

import dev.kanal.common.schedule.ScheduleSpec;
import dev.kanal.common.schedule.Skipped;
import dev.kanal.scheduler.engine.schedule.ScheduleProgress;
import dev.kanal.scheduler.engine.schedule.ScheduleRow;
import dev.kanal.scheduler.engine.schedule.ScheduledRun;
import dev.kanal.scheduler.engine.table.Rows;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as the engine knows it.
 *
 * @param anchor when it was given its cadence
 * @param considered every tick up to this time has been fired or skipped
 * @param revision grows with every change
 * @param commands log offsets of the newest commands that took effect, oldest first
 * @param runs the newest, oldest first
 * @param skipped the newest, oldest first
 */
public record ScheduleView(
    String name,
    ScheduleSpec spec,
    Instant createdAt,
    Instant changedAt,
    Instant anchor,
    Instant considered,
    long revision,
    List<Long> commands,
    List<ScheduledRun> runs,
    List<Skipped> skipped) {
  public ScheduleView {
    commands = List.copyOf(commands);
    runs = List.copyOf(runs);
    skipped = List.copyOf(skipped);
  }

  /** Whether the command at this offset of the log, which has been applied, did anything. */
  public boolean tookEffect(long offset) {
    boolean forgotten = commands.size() == ScheduleProgress.KEPT && offset < commands.getFirst();
    return forgotten || commands.contains(offset);
  }

  /** The next ticks that will be looked at; none while it is paused. */
  public List<Instant> nextTicks(Instant now, int count) {
    List<Instant> ticks = new ArrayList<>();
    Instant from = considered.isAfter(now) ? considered : now;
    while (!spec.paused() && ticks.size() < count) {
      Optional<Instant> next = spec.cadence().next(from, anchor);
      if (next.isEmpty()) {
        break;
      }
      from = next.get();
      ticks.add(from);
    }
    return ticks;
  }

  public static @Nullable ScheduleView read(Rows rows, String name) {
    ScheduleRow row = rows.get(ScheduleRow.TABLE, name);
    ScheduleProgress progress = rows.get(ScheduleProgress.TABLE, name);
    return row == null || progress == null ? null : of(row, progress);
  }

  private static ScheduleView of(ScheduleRow row, ScheduleProgress progress) {
    return new ScheduleView(
        row.name(),
        row.spec(),
        Instant.ofEpochMilli(row.createdMs()),
        Instant.ofEpochMilli(row.changedMs()),
        Instant.ofEpochMilli(row.anchorMs()),
        Instant.ofEpochMilli(progress.consideredMs()),
        row.revision(),
        progress.commands(),
        progress.runs(),
        progress.skipped());
  }
}
