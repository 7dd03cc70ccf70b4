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
import org.apache.kafka.common.errors.GroupIdNotFoundException;
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

  private final Brokers brokers;
  private final Topics topics;
  private final Set<String> types;

  /** The queue that was asked about last, whatever came of it. */
  private String last = "";

  /** What is asked of the brokers; each question blocks for a second at most. */
  interface Brokers {
    /** What they know of a share group, by partition. */
    Map<TopicPartition, SharePartitionOffsetInfo> offsets(String group)
        throws InterruptedException, ExecutionException, TimeoutException;

    /** See {@link ExistingLag}. */
    Map<TopicPartition, Long> existing(Map<TopicPartition, SharePartitionOffsetInfo> offsets)
        throws InterruptedException, ExecutionException, TimeoutException;
  }

  /**
   * @param types of which it has handlers: of other types' own topics it reads none
   */
  public ShareGroupLags(Admin admin, Topics topics, Set<String> types) {
    this(new ByAdmin(admin), topics, types);
  }

  ShareGroupLags(Brokers brokers, Topics topics, Set<String> types) {
    this.brokers = brokers;
    this.topics = topics;
    this.types = Set.copyOf(types);
  }

  @Override
  public Map<String, Long> of(Set<String> queues) {
    Map<String, Map<TopicPartition, SharePartitionOffsetInfo>> read = new HashMap<>();
    Map<String, Long> lags = new HashMap<>();
    try {
      for (String queue : next(queues, last)) {
        // Before it is asked about: one that cannot be answered is not to be in the others' way.
        last = queue;
        if (!ask(queue, read)) {
          break;
        }
      }
      Map<TopicPartition, SharePartitionOffsetInfo> all = new HashMap<>();
      read.values().forEach(all::putAll);
      Map<TopicPartition, Long> existing = brokers.existing(all);
      read.forEach((queue, offsets) -> lags.put(queue, sum(offsets.keySet(), existing)));
    } catch (ExecutionException | TimeoutException e) {
      log.debug("The lags of {} are not known now", read.keySet(), e);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    return lags;
  }

  private static long sum(Set<TopicPartition> partitions, Map<TopicPartition, Long> lags) {
    return partitions.stream().mapToLong(each -> lags.getOrDefault(each, 0L)).sum();
  }

  /** Those whose turn it is: all in turn, if there are many. */
  static List<String> next(Set<String> queues, String last) {
    TreeSet<String> sorted = new TreeSet<>(queues);
    return Stream.concat(sorted.tailSet(last, false).stream(), sorted.headSet(last, true).stream())
        .limit(ASKED_AT_ONCE)
        .toList();
  }

  /**
   * Puts what is known of the partitions of a queue that this worker reads: none if there is no
   * such group yet. Answers whether the next queue is to be asked about now, too: not if there was
   * no answer in time.
   */
  private boolean ask(String queue, Map<String, Map<TopicPartition, SharePartitionOffsetInfo>> read)
      throws InterruptedException {
    try {
      Map<TopicPartition, SharePartitionOffsetInfo> offsets =
          new HashMap<>(brokers.offsets(topics.workerGroup(queue)));
      Set<String> own = read(queue);
      offsets.keySet().removeIf(partition -> !own.contains(partition.topic()));
      read.put(queue, offsets);
      return true;
    } catch (ExecutionException e) {
      if (e.getCause() instanceof GroupIdNotFoundException) {
        read.put(queue, Map.of());
      } else {
        log.debug("The lag of {} is not known now", queue, e);
      }
      return true;
    } catch (TimeoutException e) {
      log.debug("The lag of {} is not known in time", queue, e);
      return false;
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

  private record ByAdmin(Admin admin) implements Brokers {
    @Override
    public Map<TopicPartition, SharePartitionOffsetInfo> offsets(String group)
        throws InterruptedException, ExecutionException, TimeoutException {
      return admin
          .listShareGroupOffsets(Map.of(group, new ListShareGroupOffsetsSpec()))
          .partitionsToOffsetInfo(group)
          .get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }

    @Override
    public Map<TopicPartition, Long> existing(Map<TopicPartition, SharePartitionOffsetInfo> offsets)
        throws InterruptedException, ExecutionException, TimeoutException {
      return ExistingLag.of(admin, offsets).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    }
  }
}
