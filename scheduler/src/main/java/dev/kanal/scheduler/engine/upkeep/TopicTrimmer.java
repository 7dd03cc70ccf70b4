package dev.kanal.scheduler.engine.upkeep;

import dev.kanal.common.channel.Topics;
import dev.kanal.common.upkeep.Housekeeper;
import dev.kanal.scheduler.engine.query.JobReader;
import java.time.Duration;
import java.time.InstantSource;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.RecordsToDelete;
import org.apache.kafka.clients.consumer.OffsetAndMetadata;
import org.apache.kafka.common.TopicPartition;

/**
 * Deletes what is of no use any more: what this node's shards have read of the log, once it is a
 * day old, and tasks that are settled. Nothing else deletes from these topics: what has not been
 * read may not go, however old it is.
 */
public final class TopicTrimmer {
  static final Duration KEPT = Duration.ofDays(1);

  private static final Duration EVERY = Duration.ofMinutes(10);
  private static final long PATIENCE_MS = 30_000;

  private final Admin admin;
  private final Topics topics;
  private final Set<Integer> shards;
  private final JobReader reader;
  private final InstantSource clock;

  /**
   * @param shards of this node, as they come and go
   */
  public TopicTrimmer(
      Admin admin, Topics topics, Set<Integer> shards, JobReader reader, InstantSource clock) {
    this.admin = admin;
    this.topics = topics;
    this.shards = shards;
    this.reader = reader;
    this.clock = clock;
  }

  public Housekeeper housekeeper() {
    return new Housekeeper("kanal-topic-trimmer", "delete old records", EVERY, this::trim);
  }

  /** Deletes what may go now. Blocks. */
  void trim() throws InterruptedException, ExecutionException, TimeoutException {
    trimLog();
    Set<String> queues = new TreeSet<>();
    reader
        .queueCounts()
        .get(PATIENCE_MS, TimeUnit.MILLISECONDS)
        .forEach(count -> queues.add(count.queue()));
    for (String queue : queues) {
      new TaskTrimmer(admin, topics).trim(queue);
    }
  }

  private void trimLog() throws InterruptedException, ExecutionException, TimeoutException {
    Map<TopicPartition, OffsetSpec> aDayAgo = new HashMap<>();
    long thenMs = clock.millis() - KEPT.toMillis();
    for (Integer shard : shards) {
      aDayAgo.put(new TopicPartition(topics.log(), shard), OffsetSpec.forTimestamp(thenMs));
    }
    if (aDayAgo.isEmpty()) {
      return;
    }
    Map<TopicPartition, OffsetAndMetadata> committed =
        admin
            .listConsumerGroupOffsets(topics.engine())
            .partitionsToOffsetAndMetadata()
            .get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    Map<TopicPartition, ListOffsetsResultInfo> old =
        admin.listOffsets(aDayAgo).all().get(PATIENCE_MS, TimeUnit.MILLISECONDS);
    Map<TopicPartition, RecordsToDelete> delete = new HashMap<>();
    old.forEach(
        (partition, info) -> {
          OffsetAndMetadata read = committed.get(partition);
          if (read != null) {
            // -1: no record is younger, so all that was read may go.
            long upTo = info.offset() < 0 ? read.offset() : Math.min(info.offset(), read.offset());
            delete.put(partition, RecordsToDelete.beforeOffset(upTo));
          }
        });
    admin.deleteRecords(delete).all().get(PATIENCE_MS, TimeUnit.MILLISECONDS);
  }
}
