package dev.kanal.scheduler.engine;

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
record SettledTasks(Admin admin, Topics topics) {
  static final Duration PATIENCE = Duration.ofSeconds(10);

  /** The offsets before which everything is settled; empty if no worker has ever come. */
  Map<TopicPartition, Long> of(String queue)
      throws InterruptedException, ExecutionException, TimeoutException {
    String group = topics.workerGroup(queue);
    Map<TopicPartition, Long> starts = new HashMap<>();
    try {
      Map<TopicPartition, SharePartitionOffsetInfo> infos =
          admin
              .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
              .partitionsToOffsetInfo(group)
              .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      infos.forEach(
          (partition, info) -> {
            if (info != null) {
              starts.put(partition, info.startOffset());
            }
          });
    } catch (ExecutionException e) {
      if (!(e.getCause() instanceof GroupIdNotFoundException)) {
        throw e;
      }
    }
    return starts;
  }
}
