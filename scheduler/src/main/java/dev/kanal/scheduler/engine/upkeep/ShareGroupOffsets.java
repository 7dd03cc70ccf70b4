package dev.kanal.scheduler.engine.upkeep;

import dev.kanal.common.channel.Topics;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;

/** How far a queue's workers have settled its tasks with the broker. Blocks. */
record ShareGroupOffsets(Admin admin, Topics topics) {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /**
   * How far a partition is settled.
   *
   * @param start everything before this offset is; the broker moves it with the next change only,
   *     so what is behind it may be settled, too
   * @param all everything is
   */
  record Settled(long start, boolean all) {}

  /** By partition; a partition that no worker has read is missing. */
  Map<TopicPartition, Settled> of(String queue)
      throws InterruptedException, ExecutionException, TimeoutException {
    String group = topics.workerGroup(queue);
    Map<TopicPartition, Settled> settled = new HashMap<>();
    try {
      Map<TopicPartition, SharePartitionOffsetInfo> infos =
          admin
              .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
              .partitionsToOffsetInfo(group)
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      infos.forEach(
          (partition, info) -> {
            if (info != null) {
              boolean all = info.lag().isPresent() && info.lag().get() == 0;
              settled.put(partition, new Settled(info.startOffset(), all));
            }
          });
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof GroupIdNotFoundException)) {
        throw e;
      }
    }
    return settled;
  }
}
