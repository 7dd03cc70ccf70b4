package dev.kanal.worker.queues;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.Priority;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.apache.kafka.common.TopicPartition;

/** A channel's topic, and what its group has done. */
final class SimulatedTopic {
  final Channel channel;
  final List<Long> ends = new ArrayList<>(List.of(0L));
  final List<Long> settled = new ArrayList<>(List.of(0L));
  Set<String> own = Set.of();
  boolean paused;
  long arrived;

  /** Since when it has something but no lanes. */
  long sinceNanos = Long.MAX_VALUE;

  SimulatedTopic(String queue) {
    channel = new Channel(queue, Priority.NORMAL);
  }

  boolean hasTasks() {
    return !ends.equals(settled);
  }

  /** With as many tasks as before, which are not settled. */
  void makeAgain() {
    settled.replaceAll(_ -> 0L);
  }

  Map<TopicPartition, Long> byPartition() {
    Map<TopicPartition, Long> all = new LinkedHashMap<>();
    for (int i = 0; i < ends.size(); i++) {
      all.put(new TopicPartition(channel.queue(), i), ends.get(i));
    }
    return all;
  }

  boolean hasTasksBefore(Map<TopicPartition, Long> from) {
    for (int i = 0; i < ends.size(); i++) {
      long first = settled.get(i);
      Long watched = from.get(new TopicPartition(channel.queue(), i));
      if (first < ends.get(i) && watched != null && first < watched) {
        return true;
      }
    }
    return false;
  }
}
