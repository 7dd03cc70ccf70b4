package dev.kanal.scheduler.engine.job;

import dev.kanal.common.job.Owner;
import dev.kanal.common.job.ScheduleTick;
import dev.kanal.common.log.LogEntry.ScheduledJobEnded;
import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.engine.row.EndRow;
import dev.kanal.scheduler.engine.row.EndRow.Address;
import dev.kanal.scheduler.engine.row.EndRow.Gathered;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.TimerKind;
import dev.kanal.scheduler.engine.step.Step;
import java.time.Instant;

/**
 * Tells the end of a job to what it was made for, a schedule or its owner. What is told comes to
 * the outbox, or to a row of its own, by the step that makes the job final, so each end is told
 * exactly once.
 */
public final class Ends {
  /** Ends of one owner that are told together, at most. */
  public static final int TOGETHER = 32;

  /** Members of a step below this number are told at once: so are all of a narrow step. */
  static final int AT_ONCE = 64;

  /** How long the end of another member waits for others at most. */
  static final long WAIT_MS = 20;

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
    Owner owner = ended.spec().owner();
    if (owner != null) {
      tell(step, owner, EndRow.of(ended, owner));
    }
  }

  /** Notes an end for its owner. Public for those that could not be made, or that are passed on. */
  public static void tell(Step step, Owner owner, EndRow end) {
    Address to = Address.of(owner);
    step.put(EndRow.ENDS, new EndRow.Key(to, owner.index(), owner.stage()), end);
    if (owner.index() < AT_ONCE) {
      due(step, to);
      return;
    }
    Gathered before = step.get(EndRow.GATHERED, to);
    long dueMs = before == null ? step.nowMs() + WAIT_MS : before.dueMs();
    Gathered now = new Gathered(before == null ? 1 : before.count() + 1, dueMs);
    if (now.count() >= TOGETHER) {
      due(step, to);
    } else {
      step.put(EndRow.GATHERED, to, now);
      if (before == null) {
        step.arm(dueMs, TimerKind.NOTICE, to.toSubject());
      }
    }
  }

  /** The owner is told at the next tick of all that has gathered. */
  public static void due(Step step, Address to) {
    Gathered waits = step.get(EndRow.GATHERED, to);
    if (waits != null) {
      step.delete(EndRow.GATHERED, to);
      step.disarm(waits.dueMs(), TimerKind.NOTICE, to.toSubject());
    }
    step.mark(EndRow.NOTICES, to);
  }
}
