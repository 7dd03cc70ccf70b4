package dev.kanal.scheduler.engine.bulkaction;

import static dev.kanal.scheduler.engine.row.Tables.BULKS;
import static dev.kanal.scheduler.engine.row.Tables.BULK_WALKS;

import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.LogEntry.BulkActionEntry;
import dev.kanal.common.log.LogEntry.BulkActionPart;
import dev.kanal.common.log.LogEntry.StartBulkAction;
import dev.kanal.common.log.LogEntry.StopBulkAction;
import dev.kanal.common.log.LogEntry.StopBulkActionPart;
import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.engine.row.BulkActionRow;
import dev.kanal.scheduler.engine.row.BulkActionRow.Status;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.Step;
import java.time.Duration;
import java.time.Instant;
import java.util.function.IntFunction;

/**
 * How a bulk action begins and ends. Its home shard gives every shard its part; each carries its
 * part out by itself, a bounded number of jobs a step.
 */
public final class BulkActionDecisions {
  /** How long an action is known after its end. */
  static final Duration KEPT = Duration.ofDays(1);

  private static final int FORGOTTEN_MAX = 100;

  private final Shards shards;

  public BulkActionDecisions(Shards shards) {
    this.shards = shards;
  }

  public void decide(Step step, BulkActionEntry entry) {
    JobId id = entry.id();
    switch (entry) {
      case StartBulkAction(_, var order) -> {
        if (!step.has(BULKS, id)) {
          Instant now = Instant.ofEpochMilli(step.nowMs());
          toEveryShard(step, id, shard -> new BulkActionPart(id, order.ofShard(shard), now));
        }
      }
      case StopBulkAction _ -> {
        if (step.has(BULKS, id)) {
          toEveryShard(step, id, _ -> new StopBulkActionPart(id));
        }
      }
      case BulkActionPart(_, var order, var asOf) -> begin(step, id, order, asOf);
      case StopBulkActionPart _ -> stop(step, id);
    }
  }

  private void toEveryShard(Step step, JobId id, IntFunction<BulkActionEntry> entry) {
    decide(step, entry.apply(id.shard()));
    for (int shard = 0; shard < shards.count(); shard++) {
      if (shard != id.shard()) {
        step.relay(shard, entry.apply(shard));
      }
    }
  }

  private static void begin(Step step, JobId id, BulkActionOrder order, Instant asOf) {
    if (!step.has(BULKS, id)) {
      forgetOld(step);
      step.put(BULKS, id, BulkActionRow.begin(order, asOf.toEpochMilli()));
      step.mark(BULK_WALKS, id);
      step.add(new Effect.Continue());
    }
  }

  private static void stop(Step step, JobId id) {
    BulkActionRow row = step.get(BULKS, id);
    if (row != null && row.status() == Status.RUNNING) {
      step.put(BULKS, id, row.finished(Status.STOPPED, step.nowMs()));
      step.delete(BULK_WALKS, id);
    }
  }

  /** Notes what a step has taken. */
  public static void taken(Step step, BulkActionRow.Taken taken) {
    BulkActionRow row = step.get(BULKS, taken.bulk());
    if (row == null) {
      throw new IllegalStateException("Expected the bulk action " + taken.bulk());
    }
    BulkActionRow next = row.plus(taken, step.nowMs());
    step.put(BULKS, taken.bulk(), next);
    if (next.status() != Status.RUNNING) {
      step.delete(BULK_WALKS, taken.bulk());
    }
  }

  private static void forgetOld(Step step) {
    for (JobId id : step.first(BULKS.all(), FORGOTTEN_MAX)) {
      BulkActionRow row = step.get(BULKS, id);
      if (row != null
          && row.status() != Status.RUNNING
          && row.finishedMs() + KEPT.toMillis() <= step.nowMs()) {
        step.delete(BULKS, id);
      }
    }
  }
}
