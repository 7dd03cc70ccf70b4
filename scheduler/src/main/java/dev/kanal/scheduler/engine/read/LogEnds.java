package dev.kanal.scheduler.engine.read;

import dev.kanal.common.channel.KafkaReach;
import java.time.Duration;
import java.util.HashMap;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.common.KafkaException;
import org.apache.kafka.common.TopicPartition;

/** Where the partitions of the log end. Usable from any thread. */
@FunctionalInterface
public interface LogEnds {
  Duration PATIENCE = Duration.ofSeconds(10);

  /** The offset that the next record of the shard will get. */
  CompletableFuture<Long> of(int shard);

  /** The ends of {@code topic}'s partitions, as the brokers say. */
  static LogEnds ask(Admin admin, String topic) {
    return new GatheredLogEnds(
        shards -> {
          Map<TopicPartition, OffsetSpec> asked = new HashMap<>();
          shards.forEach(shard -> asked.put(new TopicPartition(topic, shard), OffsetSpec.latest()));
          ListOffsetsResult result = admin.listOffsets(asked);
          Map<Integer, CompletableFuture<Long>> ends = new HashMap<>();
          asked
              .keySet()
              .forEach(partition -> ends.put(partition.partition(), end(result, partition)));
          return ends;
        },
        GatheredLogEnds.PACE_MAX);
  }

  /** The same, waiting for none while Kafka is away. */
  default LogEnds within(KafkaReach reach) {
    return shard -> reach.guard(of(shard));
  }

  private static CompletableFuture<Long> end(ListOffsetsResult result, TopicPartition partition) {
    return result
        .partitionResult(partition)
        .toCompletionStage()
        .toCompletableFuture()
        .thenApply(ListOffsetsResult.ListOffsetsResultInfo::offset);
  }

  /** The same, waiting for it at most {@link #PATIENCE}. */
  default long ofNow(int shard) {
    try {
      return of(shard).get(PATIENCE.toMillis(), TimeUnit.MILLISECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new KafkaException("Expected the end of shard " + shard + ", but was interrupted", e);
    } catch (ExecutionException | TimeoutException e) {
      throw new KafkaException("Expected the end of shard " + shard + ", but Kafka is away", e);
    }
  }
}
