package dev.kanal.worker.pool;

import dev.kanal.common.channel.ExistingLag;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.job.Priority;
import java.time.Duration;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.stream.Stream;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListShareGroupOffsetsSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Lags as the brokers know them: records behind each share group's start that are still there, in
 * the topics that this worker reads. Groups are asked about one by one: a broker takes some ten
 * milliseconds for one, and seconds for several in one request. Belongs to one thread.
 */
public final class ShareGroupLags implements Lags {
  /** Of how many queues it is asked in one look; the others' turn comes with the next. */
  static final int ASKED_AT_ONCE = 20;

  private static final Logger log = LoggerFactory.getLogger(ShareGroupLags.class);
  private static final Duration PATIENCE = Duration.ofSeconds(1);

  private final Admin admin;
  private final Topics topics;
  private final Set<String> types;

  /** The last queue that was asked about. */
  private String last = "";

  /**
   * @param types of which it has handlers: of other types' own topics it reads none
   */
  public ShareGroupLags(Admin admin, Topics topics, Set<String> types) {
    this.admin = admin;
    this.topics = topics;
    this.types = Set.copyOf(types);
  }

  @Override
  public Map<String, Long> of(Set<String> queues) {
    Map<String, Set<TopicPartition>> read = new HashMap<>();
    Map<TopicPartition, SharePartitionOffsetInfo> all = new HashMap<>();
    Map<String, Long> lags = new HashMap<>();
    try {
      for (String queue : next(queues, last)) {
        Map<TopicPartition, SharePartitionOffsetInfo> offsets = offsets(queue);
        read.put(queue, offsets.keySet());
        all.putAll(offsets);
        last = queue;
      }
      Map<TopicPartition, Long> known =
          ExistingLag.of(admin, all).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      read.forEach(
          (queue, partitions) ->
              lags.put(
                  queue,
                  partitions.stream().mapToLong(each -> known.getOrDefault(each, 0L)).sum()));
    } catch (ExecutionException | TimeoutException e) {
      log.debug("The lags of {} are not known now", queues, e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return lags;
  }

  /** Those whose turn it is: all in turn, if there are many. */
  static List<String> next(Set<String> queues, String last) {
    TreeSet<String> sorted = new TreeSet<>(queues);
    return Stream.concat(sorted.tailSet(last, false).stream(), sorted.headSet(last, true).stream())
        .limit(ASKED_AT_ONCE)
        .toList();
  }

  /** Of the partitions that this worker reads; none if there is no such group yet. */
  private Map<TopicPartition, SharePartitionOffsetInfo> offsets(String queue)
      throws InterruptedException, ExecutionException, TimeoutException {
    String group = topics.workerGroup(queue);
    try {
      Map<TopicPartition, SharePartitionOffsetInfo> offsets =
          new HashMap<>(
              admin
                  .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
                  .partitionsToOffsetInfo(group)
                  .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS));
      Set<String> read = read(queue);
      offsets.keySet().removeIf(partition -> !read.contains(partition.topic()));
      return offsets;
    } catch (ExecutionException e) {
      log.debug("The lag of {} is not known now", queue, e);
      return Map.of();
    }
  }

  private Set<String> read(String queue) {
    Set<String> read = new HashSet<>();
    for (Priority priority : Priority.values()) {
      read.add(topics.tasks(queue, priority));
      types.forEach(type -> read.add(topics.own(queue, priority, type)));
    }
    return read;
  }
}
