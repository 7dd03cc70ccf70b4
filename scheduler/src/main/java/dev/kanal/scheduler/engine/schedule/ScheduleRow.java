package dev.kanal.scheduler.engine.schedule;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.schedule.ScheduleSpec;
import dev.kanal.scheduler.engine.table.KeyCodec;
import dev.kanal.scheduler.engine.table.Letter;
import dev.kanal.scheduler.engine.table.Table;

/**
 * What a schedule is; what has become of it is its {@link ScheduleProgress}, a row of its own.
 *
 * @param createdMs when it was first put
 * @param changedMs when it was last changed
 * @param anchorMs when it was given its cadence
 * @param trace of who put it last
 * @param revision grows with every change: the log's offset of the last one
 */
public record ScheduleRow(
    String name,
    ScheduleSpec spec,
    TraceContext trace,
    long createdMs,
    long changedMs,
    long anchorMs,
    long revision) {
  /** By name. */
  public static final Table<String, ScheduleRow> TABLE =
      new Table<>(Letter.SCHEDULE, KeyCodec.TEXT, ScheduleRowCodec.SCHEDULE);
}
