package dev.kanal.scheduler.engine.schedule;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Reason;
import dev.kanal.common.job.ScheduleTick;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.DeleteSchedule;
import dev.kanal.common.log.LogEntry.PauseSchedule;
import dev.kanal.common.log.LogEntry.PutSchedule;
import dev.kanal.common.log.LogEntry.ScheduleEntry;
import dev.kanal.common.log.LogEntry.ScheduledJobEnded;
import dev.kanal.common.log.LogEntry.Submit;
import dev.kanal.common.log.LogEntry.TriggerSchedule;
import dev.kanal.common.log.Shards;
import dev.kanal.common.schedule.ConcurrencyPolicy;
import dev.kanal.common.schedule.Precondition;
import dev.kanal.common.schedule.ScheduleSpec;
import dev.kanal.common.schedule.TickPlan;
import dev.kanal.common.telemetry.TraceParents;
import dev.kanal.scheduler.engine.row.QueueRow;
import dev.kanal.scheduler.engine.row.TimerKind;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.Step;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * Schedules, each in the shard of its name. A due tick is decided once: it is skipped, or it makes
 * one job, whose id is made of the schedule's name and the tick, and which is brought to the job's
 * own shard through the outbox. That shard reports when the job has ended.
 */
public final class ScheduleDecisions {
  private final Shards shards;

  public ScheduleDecisions(Shards shards) {
    this.shards = shards;
  }

  /** A schedule and how far it is. */
  private record Known(ScheduleRow row, ScheduleProgress progress) {
    Known with(ScheduleProgress next) {
      return new Known(row, next);
    }

    ScheduleSpec spec() {
      return row.spec();
    }

    Instant anchor() {
      return Instant.ofEpochMilli(row.anchorMs());
    }

    boolean follows(Instant tick, Instant earlier) {
      return spec().cadence().next(earlier, anchor()).filter(tick::equals).isPresent();
    }
  }

  public void decide(Step step, ScheduleEntry entry) {
    Known known = load(step, entry.schedule());
    switch (entry) {
      case PutSchedule put -> put(step, known, put);
      case DeleteSchedule(_, var condition) -> {
        if (known != null && condition.holds(known.row.revision())) {
          delete(step, known);
        }
      }
      case PauseSchedule(_, var paused, var condition) -> {
        if (known != null && condition.holds(known.row.revision())) {
          change(step, known, known.spec().withPaused(paused), known.row.trace());
        }
      }
      case TriggerSchedule _ -> trigger(step, known);
      case ScheduledJobEnded ended -> {
        if (known != null) {
          ScheduleProgress next = known.progress.ended(ended.job(), ended.state(), ended.at());
          step.put(ScheduleProgress.TABLE, ended.schedule(), next);
        }
      }
    }
  }

  /** A schedule that there is stays paused, or not. */
  private void put(Step step, @Nullable Known known, PutSchedule put) {
    Precondition condition = put.condition();
    if (!condition.holds(known == null ? null : known.row.revision())) {
      return;
    }
    if (known != null) {
      change(step, known, put.spec().withPaused(known.spec().paused()), put.trace());
      return;
    }
    long now = step.nowMs();
    ScheduleRow row =
        new ScheduleRow(
            put.schedule(), put.spec(), put.trace(), now, now, now, step.meta().offset());
    step.put(ScheduleRow.TABLE, row.name(), row);
    ScheduleProgress progress = ScheduleProgress.start(now).commanded(step.meta().offset());
    arm(step, new Known(row, progress));
  }

  /** A new cadence counts from now on; with the old one, ticks that are due keep being so. */
  private static void change(Step step, Known known, ScheduleSpec spec, TraceContext trace) {
    long now = step.nowMs();
    ScheduleRow row = known.row;
    ScheduleProgress progress = known.progress.commanded(step.meta().offset());
    if (spec.equals(row.spec())) {
      step.put(ScheduleProgress.TABLE, row.name(), progress);
      return;
    }
    boolean sameCadence = spec.cadence().equals(row.spec().cadence());
    if (!sameCadence) {
      progress = progress.considered(now).pausedUntil(0);
    } else if (row.spec().paused()) {
      progress = progress.pausedUntil(now);
    }
    ScheduleRow next =
        new ScheduleRow(
            row.name(),
            spec,
            trace,
            row.createdMs(),
            now,
            sameCadence ? row.anchorMs() : now,
            step.meta().offset());
    step.put(ScheduleRow.TABLE, row.name(), next);
    arm(step, new Known(next, progress));
  }

  /** Its jobs live on. */
  private static void delete(Step step, Known known) {
    String name = known.row.name();
    disarm(step, known);
    step.delete(ScheduleRow.TABLE, name);
    step.delete(ScheduleProgress.TABLE, name);
  }

  /** Makes a job besides those of the ticks, even of a paused schedule, if overlap allows it. */
  private void trigger(Step step, @Nullable Known known) {
    if (known == null
        || (known.spec().concurrency() == ConcurrencyPolicy.FORBID
            && known.progress.hasUnfinished())) {
      return;
    }
    long offset = step.meta().offset();
    Instant now = Instant.ofEpochMilli(step.nowMs());
    Known fired = fire(step, known, now, offset);
    step.put(ScheduleProgress.TABLE, known.row.name(), fired.progress.commanded(offset));
  }

  /** The timer of a schedule is due. */
  public void due(Step step, String name) {
    Known known = load(step, name);
    if (known == null || known.progress.nextMs() == 0 || known.progress.nextMs() > step.nowMs()) {
      return;
    }
    Known now = known;
    if (known.progress.consideredMs() < known.progress.pausedUntilMs()) {
      TickPlan missed = plan(known, known.spec().withPaused(true), known.progress.pausedUntilMs());
      now = carryOut(step, known, missed);
      if (missed.more()) {
        armAgain(step, now);
        return;
      }
      now = now.with(now.progress.considered(now.progress.pausedUntilMs()));
    }
    TickPlan plan = plan(now, now.spec(), step.nowMs());
    now = carryOut(step, now, plan);
    if (plan.more()) {
      armAgain(step, now);
    } else {
      arm(step, now);
    }
  }

  private static TickPlan plan(Known known, ScheduleSpec spec, long nowMs) {
    ScheduleProgress progress = known.progress;
    return TickPlan.of(
        new TickPlan.Question(
            spec,
            known.anchor(),
            Instant.ofEpochMilli(progress.consideredMs()),
            Instant.ofEpochMilli(nowMs),
            progress.hasUnfinished()));
  }

  private Known carryOut(Step step, Known known, TickPlan plan) {
    Known now = known;
    for (Instant tick : plan.fire()) {
      now = fire(step, now, tick, -1);
    }
    ScheduleProgress progress = now.progress;
    for (var skipped : plan.skipped()) {
      progress = progress.skipped(skipped, now::follows);
    }
    return now.with(progress.considered(plan.considered().toEpochMilli()));
  }

  private Known fire(Step step, Known known, Instant tick, long trigger) {
    String name = known.row.name();
    if (known.spec().concurrency() == ConcurrencyPolicy.REPLACE) {
      for (ScheduledRun run : known.progress.runs()) {
        if (run.isUnfinished()) {
          step.relay(run.job().shard(), new Cancel(run.job(), Reason.REPLACED));
        }
      }
    }
    ScheduleTick from = new ScheduleTick(name, tick);
    JobSpec spec = known.spec().job().withTick(from);
    JobId job = jobId(step, spec, from, trigger);
    step.relay(job.shard(), new Submit(job, spec, linked(known.row.trace())));
    Instant now = Instant.ofEpochMilli(step.nowMs());
    return known.with(known.progress.ran(new ScheduledRun(tick, job, now, trigger, null, null)));
  }

  /** A trace that is not kept is none to link to: whether the job's is kept, its start decides. */
  private static TraceContext linked(TraceContext trace) {
    return TraceParents.isSampled(trace.traceparent())
        ? trace
        : new TraceContext(null, null, trace.baggage());
  }

  /** Made of the schedule's name and the tick, and of the trigger if there was one. */
  private JobId jobId(Step step, JobSpec spec, ScheduleTick tick, long trigger) {
    String name = tick.schedule() + "\0" + tick.tick().toEpochMilli() + "\0" + trigger;
    UUID hash = UUID.nameUUIDFromBytes(name.getBytes(StandardCharsets.UTF_8));
    long bits = Long.rotateLeft(hash.getMostSignificantBits(), 7) ^ hash.getLeastSignificantBits();
    QueueRow queue = step.queue(spec.queue());
    int shard =
        shards
            .ofJob(spec, queue == null ? null : queue.settings())
            .orElseGet(() -> Math.floorMod(bits, shards.count()));
    return JobId.of(shard, step.nowMs(), bits);
  }

  /** Sets the timer for the next tick, and saves how far the schedule is. */
  private static void arm(Step step, Known known) {
    Instant considered = Instant.ofEpochMilli(known.progress.consideredMs());
    long next =
        known.spec().paused()
            ? 0
            : known
                .spec()
                .cadence()
                .next(considered, known.anchor())
                .map(Instant::toEpochMilli)
                .orElse(0L);
    set(step, known, next);
  }

  /** The rest is left to the next tick of the engine, which is asked for at once. */
  private static void armAgain(Step step, Known known) {
    set(step, known, step.nowMs());
    step.add(new Effect.Continue());
  }

  private static void set(Step step, Known known, long nextMs) {
    disarm(step, known);
    if (nextMs != 0) {
      step.arm(nextMs, TimerKind.SCHEDULE, known.row.name());
    }
    step.put(ScheduleProgress.TABLE, known.row.name(), known.progress.armed(nextMs));
  }

  private static void disarm(Step step, Known known) {
    if (known.progress.nextMs() != 0) {
      step.disarm(known.progress.nextMs(), TimerKind.SCHEDULE, known.row.name());
    }
  }

  private static @Nullable Known load(Step step, String name) {
    ScheduleRow row = step.get(ScheduleRow.TABLE, name);
    ScheduleProgress progress = step.get(ScheduleProgress.TABLE, name);
    return row == null || progress == null ? null : new Known(row, progress);
  }
}
