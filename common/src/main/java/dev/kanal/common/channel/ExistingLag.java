package dev.kanal.common.channel;

import java.util.HashMap;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.ListOffsetsOptions;
import org.apache.kafka.clients.admin.ListOffsetsResult;
import org.apache.kafka.clients.admin.ListOffsetsResult.ListOffsetsResultInfo;
import org.apache.kafka.clients.admin.OffsetSpec;
import org.apache.kafka.clients.admin.SharePartitionOffsetInfo;
import org.apache.kafka.common.TopicPartition;

/**
 * Share groups' lags without what is not there any more. A broker goes on to count records that
 * somebody has deleted until a later one is acknowledged, which may be never.
 */
public final class ExistingLag {
  /** A correction that comes later is not worth the wait. */
  private static final int PATIENCE_MS = 500;

  private ExistingLag() {}

  /**
   * By partition, where it is known: never more than the partition has records. Partitions without
   * a lag, and so idle queues, cost no further question; one about which nothing is learned in half
   * a second keeps the lag that it has. Never blocks.
   *
   * @param offsets of share groups, as the brokers know them
   */
  public static CompletableFuture<Map<TopicPartition, Long>> of(
      Admin admin, Map<TopicPartition, SharePartitionOffsetInfo> offsets) {
    Map<TopicPartition, Long> lags = new HashMap<>();
    offsets.forEach(
        (partition, info) -> {
          if (info != null) {
            info.lag().ifPresent(lag -> lags.put(partition, lag));
          }
        });
    Map<TopicPartition, OffsetSpec> first = new HashMap<>();
    Map<TopicPartition, OffsetSpec> end = new HashMap<>();
    lags.forEach(
        (partition, lag) -> {
          if (lag > 0) {
            first.put(partition, OffsetSpec.earliest());
            end.put(partition, OffsetSpec.latest());
          }
        });
    if (first.isEmpty()) {
      return CompletableFuture.completedFuture(lags);
    }
    return offsets(admin, first)
        .thenCombine(
            offsets(admin, end),
            (begins, ends) -> {
              lags.replaceAll(
                  (partition, lag) -> {
                    Long from = begins.get(partition);
                    Long to = ends.get(partition);
                    return from == null || to == null ? lag : Math.min(lag, to - from);
                  });
              return lags;
            });
  }

  /** Of those partitions that can be asked about. */
  private static CompletableFuture<Map<TopicPartition, Long>> offsets(
      Admin admin, Map<TopicPartition, OffsetSpec> wanted) {
    ListOffsetsResult asked =
        admin.listOffsets(wanted, new ListOffsetsOptions().timeoutMs(PATIENCE_MS));
    Map<TopicPartition, CompletableFuture<Optional<Long>>> answers = new HashMap<>();
    for (TopicPartition partition : wanted.keySet()) {
      answers.put(
          partition,
          asked
              .partitionResult(partition)
              .toCompletionStage()
              .toCompletableFuture()
              .handle((info, _) -> Optional.ofNullable(info).map(ListOffsetsResultInfo::offset)));
    }
    return CompletableFuture.allOf(answers.values().toArray(CompletableFuture[]::new))
        .thenApply(
            _ -> {
              Map<TopicPartition, Long> known = new HashMap<>();
              answers.forEach(
                  (partition, answer) ->
                      answer.join().ifPresent(offset -> known.put(partition, offset)));
              return known;
            });
  }
}
