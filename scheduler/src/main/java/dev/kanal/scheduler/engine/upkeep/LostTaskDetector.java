package dev.kanal.scheduler.engine.upkeep;

import static java.util.Objects.requireNonNull;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogEntry.Drained;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.upkeep.Housekeeper;
import dev.kanal.scheduler.engine.out.OwnTopics;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.QueueCount;
import dev.kanal.scheduler.engine.row.Counts;
import dev.kanal.scheduler.engine.shard.ShardStatus;
import dev.kanal.scheduler.engine.upkeep.ShareGroupOffsets.Settled;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.common.TopicPartition;
import org.jspecify.annotations.Nullable;

/**
 * Notices tasks that got lost, which should not be able to happen: what a queue's workers have
 * settled with the broker must have been reported, too.
 *
 * <p>A look notes how far each shard has decided, by the log's time, which may be far behind the
 * clock. A margin later all those tasks stand in their topics: it notes where these end. Once the
 * workers' group has settled everything before these ends, each shard learns that what it had
 * decided then is settled. Whatever became of it was appended to the log before the record was
 * settled, and so stands before this entry. A shard that was elsewhere meanwhile is left out: its
 * tasks may just have been sent again.
 */
public final class LostTaskDetector {
  private final Admin admin;
  private final Topics topics;
  private final Map<Integer, ShardStatus> shards;
  private final JobReader reader;
  private final Sink<ToShard> shardLog;
  private final OwnTopics ownTopics;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Clocks clocks;
  private final Pace pace;
  private final Map<Channel, Mark> marks = new HashMap<>(); // the watch's thread

  /**
   * When to look, and how much to doubt.
   *
   * @param every between looks
   * @param margin more than a task can take from the decision to its topic; a queue is looked at
   *     once its oldest job has waited for as long
   */
  public record Pace(Duration every, Duration margin) {
    public static final Pace DEFAULT = new Pace(Duration.ofSeconds(15), Duration.ofSeconds(30));
  }

  /**
   * What the watch looks at.
   *
   * @param shards of this node
   */
  public record Sources(
      Admin admin,
      Topics topics,
      Map<Integer, ShardStatus> shards,
      JobReader reader,
      Supplier<Consumer<byte[], byte[]>> consumers) {}

  public LostTaskDetector(
      Sources sources, Sink<ToShard> shardLog, OwnTopics ownTopics, Clocks clocks, Pace pace) {
    this.admin = sources.admin;
    this.topics = sources.topics;
    this.shards = sources.shards;
    this.reader = sources.reader;
    this.consumers = sources.consumers;
    this.shardLog = shardLog;
    this.ownTopics = ownTopics;
    this.clocks = clocks;
    this.pace = pace;
  }

  public Housekeeper housekeeper() {
    return new Housekeeper(
        "kanal-drain-watch", "learn how far the queues' workers have come", pace.every, this::look);
  }

  private void look() throws InterruptedException, ExecutionException, TimeoutException {
    if (!reader.health().upToDate()) {
      return;
    }
    Map<String, Long> oldest = oldest();
    mark(oldest.keySet());
    long before = clocks.wall().millis() - pace.margin.toMillis();
    for (Map.Entry<String, Long> queue : oldest.entrySet()) {
      if (queue.getValue() < before) {
        look(queue.getKey());
      }
    }
  }

  /** The queues of this node with tasks that may be out, and since when the oldest may be. */
  private Map<String, Long> oldest()
      throws InterruptedException, ExecutionException, TimeoutException {
    Map<String, Long> oldest = new HashMap<>();
    List<QueueCount> counts =
        reader.queueCounts().get(ShareGroupOffsets.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    for (QueueCount count : counts) {
      if (count.oldestQueuedEpochMs() > 0) {
        oldest.merge(count.queue(), count.oldestQueuedEpochMs(), Math::min);
      }
      if (lingering(count) > 0) {
        oldest.put(count.queue(), 0L);
      }
    }
    return oldest;
  }

  /** Jobs that have ended, or wait, while a task of theirs may still be out: others wait for it. */
  private long lingering(QueueCount count) {
    ShardStatus shard = shards.get(count.shard());
    return shard == null ? 0 : Counts.of(shard.rows(), count.queue()).lingering();
  }

  /** Notes, for channels that have no mark, how far the shards are. */
  private void mark(Set<String> queues) {
    marks.keySet().removeIf(channel -> !queues.contains(channel.queue()));
    Map<ShardStatus, Long> decided = new HashMap<>();
    for (ShardStatus shard : shards.values()) {
      if (shard.caughtUp()) {
        decided.put(shard, shard.nowMs());
      }
    }
    for (String queue : queues) {
      for (Priority priority : Priority.values()) {
        marks.computeIfAbsent(
            new Channel(queue, priority), _ -> new Mark(clocks.ticker().nanos(), decided));
      }
    }
  }

  private void look(String queue)
      throws InterruptedException, ExecutionException, TimeoutException {
    List<Channel> ripe = new ArrayList<>();
    for (Priority priority : Priority.values()) {
      Channel channel = new Channel(queue, priority);
      Mark mark = marks.get(channel);
      if (mark != null && clocks.ticker().nanos() - mark.madeNanos > pace.margin.toNanos()) {
        ripe.add(channel);
      }
    }
    if (!ripe.isEmpty()) {
      Map<TopicPartition, Settled> settled = new ShareGroupOffsets(admin, topics).of(queue);
      Set<String> names =
          admin
              .listTopics()
              .names()
              .get(ShareGroupOffsets.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
      for (Channel channel : ripe) {
        look(topicsOf(channel, names), requireNonNull(marks.get(channel)), settled)
            .ifPresent(mark -> report(channel, mark));
      }
    }
  }

  /** All topics in which tasks of the channel stand, and will be read. */
  private Set<String> topicsOf(Channel channel, Set<String> names) {
    Set<String> all = new HashSet<>();
    all.add(topics.tasks(channel.queue(), channel.priority()));
    for (String name : names) {
      if (topics.isOwn(name, channel.queue(), channel.priority()) && !ownTopics.isAbandoned(name)) {
        all.add(name);
      }
    }
    return all;
  }

  /**
   * The ends are compared with what is settled at a later look than the one that noted them.
   * Answers the mark if all is settled.
   */
  private Optional<Mark> look(
      Set<String> channel, Mark mark, Map<TopicPartition, Settled> settled) {
    if (mark.ends == null) {
      boolean isRead = settled.keySet().stream().anyMatch(each -> channel.contains(each.topic()));
      mark.ends = isRead ? ends(channel) : null;
      return Optional.empty();
    }
    return isSettled(mark.ends, settled) ? Optional.of(mark) : Optional.empty();
  }

  private static boolean isSettled(
      Map<TopicPartition, Long> ends, Map<TopicPartition, Settled> settled) {
    return ends.entrySet().stream()
        .allMatch(
            end -> {
              Settled known = settled.get(end.getKey());
              return known != null && (known.all() || known.start() >= end.getValue());
            });
  }

  /** Where the partitions of topics end; those without any record are left out. */
  private Map<TopicPartition, Long> ends(Set<String> channel) {
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      List<TopicPartition> partitions = new ArrayList<>();
      for (String topic : channel) {
        consumer
            .partitionsFor(topic, ShareGroupOffsets.PATIENCE)
            .forEach(info -> partitions.add(new TopicPartition(topic, info.partition())));
      }
      Map<TopicPartition, Long> begin =
          consumer.beginningOffsets(partitions, ShareGroupOffsets.PATIENCE);
      Map<TopicPartition, Long> ends =
          new HashMap<>(consumer.endOffsets(partitions, ShareGroupOffsets.PATIENCE));
      ends.entrySet().removeIf(end -> end.getValue().equals(begin.get(end.getKey())));
      return ends;
    }
  }

  private void report(Channel channel, Mark mark) {
    marks.remove(channel);
    mark.decidedMs.forEach(
        (shard, beforeMs) -> {
          if (shards.get(shard.number()) == shard) {
            Instant before = Instant.ofEpochMilli(beforeMs);
            Drained drained = new Drained(channel.queue(), channel.priority(), before);
            var _ = shardLog.send(new ToShard(shard.number(), drained));
          }
        });
  }

  /** What had been decided at a moment, and where the tasks of it are. */
  private static final class Mark {
    private final long madeNanos;
    private final Map<ShardStatus, Long> decidedMs;

    /** Where the channel's topic ended a margin later; null until then. */
    private @Nullable Map<TopicPartition, Long> ends;

    Mark(long madeNanos, Map<ShardStatus, Long> decidedMs) {
      this.madeNanos = madeNanos;
      this.decidedMs = decidedMs;
    }
  }
}
