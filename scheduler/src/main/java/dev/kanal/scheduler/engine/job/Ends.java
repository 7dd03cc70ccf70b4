package dev.kanal.scheduler.engine.job;

import dev.kanal.common.job.ScheduleTick;
import dev.kanal.common.log.LogEntry.ScheduledJobEnded;
import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.step.Step;
import java.time.Instant;

/**
 * Reports the end of a job to what it was made for, as a schedule or a parent. The report comes to
 * the outbox by the step that makes the job final, so there is exactly one for each end.
 */
public final class Ends {
  private final Shards shards;

  public Ends(Shards shards) {
    this.shards = shards;
  }

  void note(Step step, JobRow ended) {
    ScheduleTick tick = ended.spec().tick();
    if (tick != null) {
      String schedule = tick.schedule();
      Instant now = Instant.ofEpochMilli(step.nowMs());
      step.relay(
          shards.ofSchedule(schedule),
          new ScheduledJobEnded(schedule, ended.id(), ended.state(), now));
    }
  }
}
