package dev.kanal.scheduler.api;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.TraceContext;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.schedule.Precondition;
import dev.kanal.common.schedule.ScheduleSpec;
import dev.kanal.scheduler.engine.ScheduleView;
import dev.kanal.scheduler.engine.ScheduledRun;
import org.jspecify.annotations.Nullable;

/** What a client asks of one schedule. */
sealed interface ScheduleCommand {
  LogEntry.ScheduleEntry entry(String name);

  /**
   * What came of it.
   *
   * @param existed whether there was one before
   * @param after the schedule once its shard had applied the command; null if there is none
   * @param offset of the command in the log
   */
  Verdict verdict(boolean existed, @Nullable ScheduleView after, long offset);

  /** An answer. */
  sealed interface Verdict {
    record Done(ScheduleView schedule, boolean created) implements Verdict {}

    /** There is no schedule any more. */
    record Gone() implements Verdict {}

    record Fired(ScheduledRun run) implements Verdict {}

    record Refused(Problem problem) implements Verdict {}
  }

  /** There shall be such a schedule. */
  record Put(ScheduleSpec spec, Precondition condition, TraceContext trace)
      implements ScheduleCommand {
    @Override
    public LogEntry.ScheduleEntry entry(String name) {
      return new LogEntry.PutSchedule(name, spec, condition, trace);
    }

    @Override
    public Verdict verdict(boolean existed, @Nullable ScheduleView after, long offset) {
      return after != null && after.tookEffect(offset)
          ? new Verdict.Done(after, !existed)
          : unmet(after);
    }
  }

  /** There shall be none. */
  record Delete(Precondition condition) implements ScheduleCommand {
    @Override
    public LogEntry.ScheduleEntry entry(String name) {
      return new LogEntry.DeleteSchedule(name, condition);
    }

    /** One that is there although nothing stood against its end was put again since. */
    @Override
    public Verdict verdict(boolean existed, @Nullable ScheduleView after, long offset) {
      return after == null || condition instanceof Precondition.None
          ? new Verdict.Gone()
          : unmet(after);
    }
  }

  /** Its ticks are skipped, or no longer. */
  record Pause(boolean paused, Precondition condition) implements ScheduleCommand {
    @Override
    public LogEntry.ScheduleEntry entry(String name) {
      return new LogEntry.PauseSchedule(name, paused, condition);
    }

    @Override
    public Verdict verdict(boolean existed, @Nullable ScheduleView after, long offset) {
      return after != null && after.tookEffect(offset)
          ? new Verdict.Done(after, false)
          : unmet(after);
    }
  }

  /** It makes a job now. */
  record Trigger() implements ScheduleCommand {
    @Override
    public LogEntry.ScheduleEntry entry(String name) {
      return new LogEntry.TriggerSchedule(name);
    }

    @Override
    public Verdict verdict(boolean existed, @Nullable ScheduleView after, long offset) {
      if (after == null) {
        return unmet(null);
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

  private static Verdict unmet(@Nullable ScheduleView after) {
    return new Verdict.Refused(
        Problem.of(
            ErrorCode.PRECONDITION_FAILED,
            "Expected the schedule to be as If-Match or If-None-Match asks, but "
                + (after == null
                    ? "there is none"
                    : "its ETag is " + IfMatch.etag(after.revision()))));
  }
}
