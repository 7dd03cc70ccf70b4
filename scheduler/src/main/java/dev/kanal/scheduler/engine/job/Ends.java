package dev.kanal.scheduler.engine.job;

import dev.kanal.common.job.ScheduleTick;
import dev.kanal.common.log.LogEntry.ScheduledJobEnded;
import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.step.Step;
import java.time.Instant;

/**
 * Tells whoever a job was made for that it has ended. The word stands in the outbox by the same
 * step that makes the job final, whoever decided it: it is told exactly once for each end.
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
