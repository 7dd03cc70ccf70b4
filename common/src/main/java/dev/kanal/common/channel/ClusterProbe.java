package dev.kanal.common.channel;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/**
 * Describes the cluster, which any broker answers for any client; for callers that only need to
 * know that Kafka answers. Does not block.
 */
public record ClusterProbe(Admin admin) implements KafkaReach.Probe {
  private static final int ASK_MS = 1_500;

  @Override
  public CompletableFuture<?> ask() {
    return admin
        .describeCluster(new DescribeClusterOptions().timeoutMs(ASK_MS))
        .clusterId()
        .toCompletionStage()
        .toCompletableFuture();
  }

  /** Sends no value; a request is its probe. */
  @Override
  public CompletableFuture<?> send() {
    return ask();
  }
}
