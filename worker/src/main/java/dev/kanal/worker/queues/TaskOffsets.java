package dev.kanal.worker.queues;

import static java.util.Objects.requireNonNull;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.Topics;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Collectors;
import java.util.stream.IntStream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.clients.admin.TopicDescription;
import org.apache.kafka.common.KafkaFuture;
import org.apache.kafka.common.TopicPartition;
import org.apache.kafka.common.errors.GroupIdNotFoundException;
import org.apache.kafka.common.errors.UnknownTopicOrPartitionException;
import org.jspecify.annotations.Nullable;

/** Where channels end, and which of them their share groups have settled. Each call blocks. */
record TaskOffsets(Admin admin, Admin groups, Topics topics) {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private static final int TOPICS_AT_ONCE = 250;
  private static final int PARTITIONS_AT_ONCE = 1_000;

  /**
   * Where the partitions of channels end; a channel whose topic is not there is left out.
   *
   * @param channels with the topics of single types that belong to each
   */
  Map<Channel, Map<TopicPartition, Long>> ends(Map<Channel, Set<String>> channels)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, Channel> names = new HashMap<>();
    channels.forEach(
        (channel, own) -> {
          names.put(topics.tasks(channel.queue(), channel.priority()), channel);
          own.forEach(name -> names.put(name, channel));
        });
    Map<Channel, Map<TopicPartition, Long>> ends = new HashMap<>();
    offsets(partitions(names.keySet()), OffsetSpec.latest())
        .forEach(
            (partition, end) ->
                ends.computeIfAbsent(
                        requireNonNull(names.get(partition.topic())), _ -> new HashMap<>())
                    .put(partition, end));
    return ends;
  }

  /** Those of the channels in which there are no records up to these ends. */
  Set<Channel> empty(Map<Channel, Map<TopicPartition, Long>> ends)
      throws InterruptedException, ExecutionException, TimeoutException {
    List<TopicPartition> used = new ArrayList<>();
    ends.values()
        .forEach(
            each ->
                each.forEach(
                    (partition, end) -> {
                      if (end > 0) {
                        used.add(partition);
                      }
                    }));
    Map<TopicPartition, Long> begins = offsets(used, OffsetSpec.earliest());
    Set<Channel> empty = new HashSet<>();
    ends.forEach(
        (channel, each) -> {
          if (each.entrySet().stream()
              .allMatch(end -> begins.getOrDefault(end.getKey(), 0L) >= end.getValue())) {
            empty.add(channel);
          }
        });
    return empty;
  }

  private List<TopicPartition> partitions(Collection<String> names)
      throws InterruptedException, ExecutionException, TimeoutException {
    List<TopicPartition> all = new ArrayList<>();
    for (List<String> some : parcels(names, TOPICS_AT_ONCE)) {
      for (KafkaFuture<TopicDescription> each :
          admin.describeTopics(some).topicNameValues().values()) {
        TopicDescription topic = known(each);
        if (topic != null) {
          topic
              .partitions()
              .forEach(info -> all.add(new TopicPartition(topic.name(), info.partition())));
        }
      }
    }
    return all;
  }

  private Map<TopicPartition, Long> offsets(List<TopicPartition> partitions, OffsetSpec which)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<TopicPartition, Long> offsets = new HashMap<>();
    for (List<TopicPartition> some : parcels(partitions, PARTITIONS_AT_ONCE)) {
      ListOffsetsResult found =
          admin.listOffsets(some.stream().collect(Collectors.toMap(each -> each, _ -> which)));
      for (TopicPartition partition : some) {
        ListOffsetsResult.ListOffsetsResultInfo info = known(found.partitionResult(partition));
        if (info != null) {
          offsets.put(partition, info.offset());
        }
      }
    }
    return offsets;
  }

  /** Whatever the number of all, each request is about a bounded number. */
  static <T> List<List<T>> parcels(Collection<T> all, int most) {
    List<T> list = List.copyOf(all);
    return IntStream.iterate(0, from -> from < list.size(), from -> from + most)
        .mapToObj(from -> list.subList(from, Math.min(from + most, list.size())))
        .toList();
  }

  /**
   * Those of the channels of which the queue's workers have settled all records; a partition that
   * none of them has read counts only if it has no records.
   */
  Set<Channel> settled(Map<Channel, Map<TopicPartition, Long>> ends)
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, List<Channel>> byQueue =
        ends.keySet().stream().collect(Collectors.groupingBy(Channel::queue));
    Set<Channel> settled = new HashSet<>();
    // One by one: a broker takes some ten milliseconds for one, and seconds for several at once.
    for (Map.Entry<String, List<Channel>> each : byQueue.entrySet()) {
      String group = topics.workerGroup(each.getKey());
      Map<TopicPartition, SharePartitionOffsetInfo> read =
          known(
              groups
                  .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                  .partitionsToOffsetInfo(group));
      each.getValue().stream()
          .filter(channel -> isSettled(ends.getOrDefault(channel, Map.of()), read))
          .forEach(settled::add);
    }
    return settled;
  }

  private static boolean isSettled(
      Map<TopicPartition, Long> ends,
      @Nullable Map<TopicPartition, SharePartitionOffsetInfo> read) {
    return ends.entrySet().stream()
        .allMatch(
            each -> {
              SharePartitionOffsetInfo info = read == null ? null : read.get(each.getKey());
              return info == null ? each.getValue() == 0 : info.lag().orElse(1L) == 0;
            });
  }

  /** Null if what was asked about is not there. */
  private static <T> @Nullable T known(KafkaFuture<T> asked)
      throws InterruptedException, ExecutionException, TimeoutException {
    try {
      return asked.get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (ExecutionException e) {
      if (e.getCause() instanceof UnknownTopicOrPartitionException
          || e.getCause() instanceof GroupIdNotFoundException) {
        return null;
      }
      throw e;
    }
  }
}
