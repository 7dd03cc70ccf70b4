package dev.kanal.scheduler.api.schedules;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.schedule.Precondition;
import dev.kanal.common.schedule.ScheduleSpec;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.ScheduleView;
import dev.kanal.scheduler.engine.schedule.ScheduledRun;
import org.jspecify.annotations.Nullable;

/** What a client asks of one schedule. */
sealed interface ScheduleCommand {
  /**
   * The command for the log.
   *
   * @param condition of the schedule, for the command to take effect
   */
  LogEntry.ScheduleEntry entry(String name, Precondition condition);

  /**
   * What came of it.
   *
   * @param before the schedule when the command was made; null if there was none
   * @param after the schedule once its shard had applied the command; null if there is none
   * @param offset of the command in the log
   */
  Verdict verdict(@Nullable ScheduleView before, @Nullable ScheduleView after, long offset);

  /** An answer. */
  sealed interface Verdict {
    record Done(ScheduleView schedule, boolean created) implements Verdict {}

    /** There is no schedule any more. */
    record Gone() implements Verdict {}

    record Fired(ScheduledRun run) implements Verdict {}

    record Refused(Problem problem) implements Verdict {}

    /** It was not done, as the schedule was changed or deleted after it had been looked at. */
    record Overtaken() implements Verdict {}
  }

  /** What is to be done to a schedule, once it is known how that is. */
  interface Making {
    /**
     * Makes a command; on a call's own thread, where it may wait.
     *
     * @param before the schedule as it is; null if there is none
     */
    Made of(@Nullable ScheduleView before) throws RefusedException;

    /** Whether it makes the schedule if there is none. */
    default boolean makesAnew() {
      return false;
    }

    /** The same command, whatever the schedule is like. */
    static Making of(ScheduleCommand command) {
      return _ -> new Made(command, false);
    }
  }

  /**
   * What is made of a call.
   *
   * @param bound whether it counts for nothing but the schedule that it was made for
   */
  record Made(ScheduleCommand command, boolean bound) {}

  /** There shall be such a schedule. */
  record Put(ScheduleSpec spec, TraceContext trace) implements ScheduleCommand {
    @Override
    public LogEntry.ScheduleEntry entry(String name, Precondition condition) {
      return new LogEntry.PutSchedule(name, spec, condition, trace);
    }

    @Override
    public Verdict verdict(
        @Nullable ScheduleView before, @Nullable ScheduleView after, long offset) {
      return after != null && after.tookEffect(offset)
          ? new Verdict.Done(after, before == null)
          : new Verdict.Overtaken();
    }
  }

  /** There shall be none. */
  record Delete() implements ScheduleCommand {
    @Override
    public LogEntry.ScheduleEntry entry(String name, Precondition condition) {
      return new LogEntry.DeleteSchedule(name, condition);
    }

    /** One that is there and was made at another time was put again since. */
    @Override
    public Verdict verdict(
        @Nullable ScheduleView before, @Nullable ScheduleView after, long offset) {
      return after == null || before == null || !after.createdAt().equals(before.createdAt())
          ? new Verdict.Gone()
          : new Verdict.Overtaken();
    }
  }

  /** Its ticks are skipped, or no longer. */
  record Pause(boolean paused) implements ScheduleCommand {
    @Override
    public LogEntry.ScheduleEntry entry(String name, Precondition condition) {
      return new LogEntry.PauseSchedule(name, paused, condition);
    }

    @Override
    public Verdict verdict(
        @Nullable ScheduleView before, @Nullable ScheduleView after, long offset) {
      return after != null && after.tookEffect(offset)
          ? new Verdict.Done(after, false)
          : new Verdict.Overtaken();
    }
  }

  /** It makes a job now. */
  record Trigger() implements ScheduleCommand {
    @Override
    public LogEntry.ScheduleEntry entry(String name, Precondition condition) {
      return new LogEntry.TriggerSchedule(name);
    }

    @Override
    public Verdict verdict(
        @Nullable ScheduleView before, @Nullable ScheduleView after, long offset) {
      if (after == null) {
        return new Verdict.Overtaken();
      }
      for (ScheduledRun run : after.runs()) {
        if (run.trigger() == offset) {
          return new Verdict.Fired(run);
        }
      }
      return new Verdict.Refused(
          Problem.of(
              ErrorCode.CONFLICT,
              "Expected no job of the schedule that has not ended, as its concurrencyPolicy is "
                  + after.spec().concurrency().text()
                  + ", but there is one"));
    }
  }
}
