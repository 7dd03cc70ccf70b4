package dev.kanal.scheduler.engine.schedule;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/**
 * A job that a schedule made.
 *
 * @param tick when it was due; for a triggered one, when it was triggered
 * @param firedAt when the engine made it
 * @param trigger the log's offset of the command that asked for it; -1 if its tick was due
 * @param state in which it ended, as far as the schedule has heard; null before
 * @param endedAt null before
 */
public record ScheduledRun(
    Instant tick,
    JobId job,
    Instant firedAt,
    long trigger,
    @Nullable JobState state,
    @Nullable Instant endedAt) {

  public boolean isTriggered() {
    return trigger >= 0;
  }

  boolean isUnfinished() {
    return state == null;
  }

  ScheduledRun ended(JobState newState, Instant at) {
    return new ScheduledRun(tick, job, firedAt, trigger, newState, at);
  }
}
