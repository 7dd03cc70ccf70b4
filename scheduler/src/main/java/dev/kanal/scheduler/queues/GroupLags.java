package dev.kanal.scheduler.queues;

import dev.kanal.common.channel.ExistingLag;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.job.Priority;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.common.TopicPartition;

/** What the brokers know of the workers' share groups. */
final class GroupLags {
  private GroupLags() {}

  static CompletableFuture<Map<Priority, Map<Integer, Long>>> of(
      Admin admin, Topics topics, String queue) {
    String group = topics.workerGroup(queue);
    return admin
        .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
        .partitionsToOffsetInfo(group)
        .toCompletionStage()
        .toCompletableFuture()
        .thenCompose(found -> ExistingLag.of(admin, found))
        .thenApply(found -> byChannel(found, topics, queue));
  }

  private static Map<Priority, Map<Integer, Long>> byChannel(
      Map<TopicPartition, Long> found, Topics topics, String queue) {
    Map<Priority, Map<Integer, Long>> lags = new EnumMap<>(Priority.class);
    for (Priority priority : Priority.values()) {
      String topic = topics.tasks(queue, priority);
      found.forEach(
          (partition, lag) -> {
            if (partition.topic().equals(topic)
                || topics.isOwn(partition.topic(), queue, priority)) {
              lags.computeIfAbsent(priority, _ -> new TreeMap<>())
                  .merge(partition.partition(), lag, Long::sum);
            }
          });
    }
    return lags;
  }
}
