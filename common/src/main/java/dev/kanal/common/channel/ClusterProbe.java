package dev.kanal.common.channel;

import java.util.concurrent.CompletableFuture;
import org.apache.kafka.clients.admin.Admin;
import org.apache.kafka.clients.admin.DescribeClusterOptions;

/**
 * Asks for the cluster, which any broker answers and everybody may; for those to whom it is enough
 * that Kafka answers. Does not block.
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

  /** Sends nothing, and asks. */
  @Override
  public CompletableFuture<?> send() {
    return ask();
  }
}
