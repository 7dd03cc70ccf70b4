package dev.kanal.scheduler.engine;

import dev.kanal.common.channel.Sink;
import dev.kanal.common.channel.Topics;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogEntry.Drained;
import dev.kanal.common.log.ToShard;
import dev.kanal.scheduler.engine.JobReader.QueueCount;
import dev.kanal.scheduler.engine.SettledTasks.Settled;
import java.time.Duration;
import java.time.Instant;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.function.Supplier;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.consumer.Consumer;
import org.apache.kafka.clients.consumer.ConsumerRecord;
import org.apache.kafka.common.TopicPartition;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Notices tasks that got lost, which should not be able to happen: what a queue's workers have
 * settled with the broker must have been reported, too.
 *
 * <p>For queues whose oldest queued job is old, it reads how far the workers' group has come, and
 * the time of the first record that is not settled; every shard of this node is told that what was
 * sent before is settled. Whatever became of it was appended to the log before the record was
 * settled, and so stands before this entry. Shards that came here lately are left out: they may
 * just have sent again what their predecessor had decided.
 */
final class DrainWatch implements AutoCloseable {
  private static final Logger log = LoggerFactory.getLogger(DrainWatch.class);

  private final Admin admin;
  private final Topics topics;
  private final Map<Integer, ShardStatus> shards;
  private final JobReader reader;
  private final Sink<ToShard> shardLog;
  private final Supplier<Consumer<byte[], byte[]>> consumers;
  private final Clocks clocks;
  private final Pace pace;
  private final Map<ShardStatus, Long> caughtUpMs = new HashMap<>(); // the watch's thread
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("kanal-drain-watch").daemon().factory());

  /**
   * When to look, and how much to doubt.
   *
   * @param every between looks
   * @param margin by which a task must be older than the first unsettled record: more than a task
   *     can take from the decision to its topic
   */
  record Pace(Duration every, Duration margin) {
    static final Pace DEFAULT = new Pace(Duration.ofSeconds(15), Duration.ofSeconds(30));
  }

  /** What the watch looks at and speaks to. */
  record Sources(
      Admin admin, Topics topics, JobReader reader, Supplier<Consumer<byte[], byte[]>> consumers) {}

  DrainWatch(Sources sources, EngineParts parts, Clocks clocks, Pace pace) {
    this.admin = sources.admin;
    this.topics = sources.topics;
    this.reader = sources.reader;
    this.consumers = sources.consumers;
    this.shards = parts.shards();
    this.shardLog = parts.targets().log();
    this.clocks = clocks;
    this.pace = pace;
  }

  void start() {
    long every = pace.every.toMillis();
    var _ = thread.scheduleWithFixedDelay(this::look, every, every, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private void look() {
    try {
      if (!reader.health().ready()) {
        return;
      }
      noteCaughtUp();
      Map<String, Long> old = oldQueues();
      for (Map.Entry<String, Long> queue : old.entrySet()) {
        look(queue.getKey());
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (ExecutionException | TimeoutException | RuntimeException e) {
      log.warn("Expected to learn how far the queues' workers have come, but: {}", e.toString());
    }
  }

  private void noteCaughtUp() {
    long nowMs = clocks.wall().millis();
    caughtUpMs.keySet().retainAll(shards.values());
    for (ShardStatus shard : shards.values()) {
      if (shard.caughtUp()) {
        caughtUpMs.putIfAbsent(shard, nowMs);
      }
    }
  }

  /** The queues of this node with a queued job that is older than the margin. */
  private Map<String, Long> oldQueues()
      throws InterruptedException, ExecutionException, TimeoutException {
    long before = clocks.wall().millis() - pace.margin.toMillis();
    Map<String, Long> old = new HashMap<>();
    List<QueueCount> counts =
        reader.queueCounts().get(SettledTasks.PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    for (QueueCount count : counts) {
      long oldest = count.oldestQueuedEpochMs();
      if (oldest > 0 && oldest < before) {
        old.merge(count.queue(), oldest, Math::min);
      }
    }
    return old;
  }

  private void look(String queue)
      throws InterruptedException, ExecutionException, TimeoutException {
    long askedMs = clocks.wall().millis();
    Map<TopicPartition, Settled> settled = new SettledTasks(admin, topics).of(queue);
    try (Consumer<byte[], byte[]> consumer = consumers.get()) {
      for (Priority priority : Priority.values()) {
        String topic = topics.tasks(queue, priority);
        List<TopicPartition> partitions =
            settled.keySet().stream().filter(each -> each.topic().equals(topic)).toList();
        if (!partitions.isEmpty()) {
          long open = firstOpenMs(consumer, topic, settled);
          tell(queue, priority, Math.min(open, askedMs) - pace.margin.toMillis());
        }
      }
    }
  }

  /** The time of the oldest record that may not be settled; the end of time without one. */
  private long firstOpenMs(
      Consumer<byte[], byte[]> consumer, String topic, Map<TopicPartition, Settled> settled) {
    List<TopicPartition> partitions =
        consumer.partitionsFor(topic, SettledTasks.PATIENCE).stream()
            .map(info -> new TopicPartition(topic, info.partition()))
            .toList();
    Map<TopicPartition, Long> begin = consumer.beginningOffsets(partitions, SettledTasks.PATIENCE);
    Map<TopicPartition, Long> ends = consumer.endOffsets(partitions, SettledTasks.PATIENCE);
    Map<TopicPartition, Long> open = new HashMap<>();
    for (TopicPartition partition : partitions) {
      Settled known = settled.get(partition);
      long start = begin.getOrDefault(partition, 0L);
      if (known != null) {
        start = Math.max(start, known.start());
      }
      if (start < ends.getOrDefault(partition, 0L) && (known == null || !known.all())) {
        open.put(partition, start);
      }
    }
    return firstRecordMs(consumer, open);
  }

  private long firstRecordMs(Consumer<byte[], byte[]> consumer, Map<TopicPartition, Long> starts) {
    Map<TopicPartition, Long> open = new HashMap<>(starts);
    consumer.assign(open.keySet());
    open.forEach(consumer::seek);
    long first = Long.MAX_VALUE;
    long until = clocks.ticker().nanos() + SettledTasks.PATIENCE.toNanos();
    while (!open.isEmpty() && clocks.ticker().nanos() - until < 0) {
      for (ConsumerRecord<byte[], byte[]> record : consumer.poll(Duration.ofMillis(200))) {
        if (open.remove(new TopicPartition(record.topic(), record.partition())) != null) {
          first = Math.min(first, record.timestamp());
        }
      }
    }
    return open.isEmpty() ? first : 0;
  }

  private void tell(String queue, Priority priority, long beforeMs) {
    caughtUpMs.forEach(
        (shard, sinceMs) -> {
          if (beforeMs > sinceMs) {
            Drained drained = new Drained(queue, priority, Instant.ofEpochMilli(beforeMs));
            var _ = shardLog.send(new ToShard(shard.number(), drained));
          }
        });
  }
}
