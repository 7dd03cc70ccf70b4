package dev.kanal.scheduler.engine.read;

import static dev.kanal.scheduler.engine.row.Tables.JOBS;
import static dev.kanal.scheduler.engine.row.Tables.QUEUED;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.QueueCount;
import dev.kanal.scheduler.engine.query.JobReader.ShardUse;
import dev.kanal.scheduler.engine.row.Counts;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.shard.ShardStatus;
import dev.kanal.scheduler.engine.table.Index.Place;
import dev.kanal.scheduler.engine.table.Rows;
import dev.kanal.scheduler.engine.waiting.BlockedReads;
import dev.kanal.scheduler.engine.waiting.UnhandledReads;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What a shard's rows say of its queues. */
public final class QueueReads {
  private QueueReads() {}

  /** What was applied is noted first: the counts hold that, and perhaps more. */
  static ShardUse use(ShardStatus shard) {
    long applied = shard.applied();
    Map<String, Long> unfinished = new HashMap<>();
    for (String queue : shard.queues()) {
      Counts counts = Counts.of(shard.rows(), queue);
      long jobs = 0;
      for (JobState state : JobState.values()) {
        jobs += state.isFinal() ? 0 : counts.of(state);
      }
      if (jobs > 0) {
        unfinished.put(queue, jobs);
      }
    }
    return new ShardUse(shard.number(), applied, unfinished);
  }

  /** The counts of each queue in one shard. */
  public static List<QueueCount> counts(ShardStatus shard) {
    List<QueueCount> all = new ArrayList<>();
    for (String queue : shard.queues()) {
      Counts counts = Counts.of(shard.rows(), queue);
      long oldest = counts.of(JobState.QUEUED) == 0 ? 0 : oldestQueuedMs(shard, queue);
      Map<Priority, Long> lanes = new EnumMap<>(Priority.class);
      for (Priority priority : Priority.values()) {
        lanes.put(priority, Math.max(0, counts.queued(priority)));
      }
      var flow = new JobReader.Flow(shard.submitted(queue), counts.arrived(), counts.drained());
      all.add(
          new QueueCount(
              shard.number(),
              queue,
              counts.byState(),
              oldest,
              lanes,
              flow,
              BlockedReads.of(shard.rows(), queue, counts),
              UnhandledReads.of(shard.rows(), queue, counts)));
    }
    return all;
  }

  private static long oldestQueuedMs(ShardStatus shard, String queue) {
    Rows rows = shard.rows();
    long oldest = Long.MAX_VALUE;
    for (Priority priority : Priority.values()) {
      Channel channel = new Channel(queue, priority);
      long next = shard.applied() + 1;
      Place first = rows.first(QUEUED.from(channel, shard.queuedFront(channel)));
      shard.moveQueuedFront(channel, first == null ? next : first.offset());
      JobRow row = first == null ? null : rows.get(JOBS, first.job());
      if (row != null) {
        oldest = Math.min(oldest, row.status().sent().atMs());
      }
    }
    return oldest == Long.MAX_VALUE ? 0 : oldest;
  }
}
