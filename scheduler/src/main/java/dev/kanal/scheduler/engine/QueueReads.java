package dev.kanal.scheduler.engine;

import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import dev.kanal.scheduler.engine.JobReader.QueueCount;
import dev.kanal.scheduler.engine.JobReader.ShardUse;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.apache.kafka.common.utils.Bytes;

/** What a shard's rows say of its queues. */
final class QueueReads {
  private QueueReads() {}

  /** What was applied is noted first: the counts hold that, and perhaps more. */
  static ShardUse use(Rows rows, int shard, long applied) {
    Map<String, Long> unfinished = new HashMap<>();
    Bytes from = Keys.firstCounts();
    rows.scan(
        from,
        Keys.endOf(from),
        (key, value) -> {
          Counts counts = RowCodec.decodeCounts(value);
          long jobs = 0;
          for (JobState state : JobState.values()) {
            jobs += state.isFinal() ? 0 : counts.of(state);
          }
          if (jobs > 0) {
            unfinished.put(Keys.countsQueue(key), jobs);
          }
          return true;
        });
    return new ShardUse(shard, applied, unfinished);
  }

  /**
   * The counts of each queue in one shard.
   *
   * @param rows of the shard
   */
  static List<QueueCount> counts(ShardStatus shard, Rows rows) {
    List<QueueCount> counts = new ArrayList<>();
    Bytes from = Keys.firstCounts();
    rows.scan(
        from,
        Keys.endOf(from),
        (key, value) -> {
          Counts queue = RowCodec.decodeCounts(value);
          String name = Keys.countsQueue(key);
          long oldest = queue.of(JobState.QUEUED) == 0 ? 0 : oldestQueuedMs(shard, rows, name);
          counts.add(new QueueCount(shard.number(), name, queue.byState(), oldest));
          return true;
        });
    return counts;
  }

  private static long oldestQueuedMs(ShardStatus shard, Rows rows, String queue) {
    long oldest = Long.MAX_VALUE;
    for (Priority priority : Priority.values()) {
      Lane lane = new Lane(queue, priority);
      long next = shard.applied() + 1;
      List<Bytes> first = new ArrayList<>(1);
      rows.scan(
          Keys.queuedFrom(lane, shard.queuedFront(lane)),
          Keys.queuedFrom(lane, Long.MAX_VALUE),
          (key, _) -> !first.add(key));
      shard.moveQueuedFront(lane, first.isEmpty() ? next : Keys.laneOffset(first.getFirst()));
      byte[] bytes = first.isEmpty() ? null : rows.get(Keys.job(Keys.indexedJob(first.getFirst())));
      if (bytes != null) {
        oldest = Math.min(oldest, RowCodec.decodeJob(bytes).progress().sent().atMs());
      }
    }
    return oldest == Long.MAX_VALUE ? 0 : oldest;
  }
}
