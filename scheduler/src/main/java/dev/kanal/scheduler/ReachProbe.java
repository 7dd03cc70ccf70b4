package dev.kanal.scheduler;

import dev.kanal.common.channel.ClusterProbe;
import dev.kanal.common.channel.HandoffSink;
import dev.kanal.common.channel.KafkaReach;
import dev.kanal.common.log.LogEntry.Tick;
import dev.kanal.common.log.ToShard;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import org.apache.kafka.clients.admin.Admin;

/**
 * Looks whether Kafka can be reached: asks for the cluster, and sends ticks, of which a shard can
 * have any number.
 */
final class ReachProbe implements KafkaReach.Probe {
  /** Whose leaders are most often different brokers. */
  private static final int SHARDS_AT_ONCE = 3;

  private final ClusterProbe cluster;
  private final HandoffSink<ToShard> log;
  private final int shards;
  private final AtomicInteger next = new AtomicInteger();

  ReachProbe(Admin admin, HandoffSink<ToShard> log, int shards) {
    this.cluster = new ClusterProbe(admin);
    this.log = log;
    this.shards = shards;
  }

  @Override
  public CompletableFuture<?> ask() {
    return cluster.ask();
  }

  /** Succeeds with the first of them, and fails with the last. */
  @Override
  public CompletableFuture<?> send() {
    CompletableFuture<Object> any = new CompletableFuture<>();
    List<CompletableFuture<?>> all = new ArrayList<>();
    for (int i = 0; i < Math.min(SHARDS_AT_ONCE, shards); i++) {
      int shard = Math.floorMod(next.getAndIncrement(), shards);
      all.add(log.sendAnyway(new ToShard(shard, new Tick())).thenAccept(any::complete));
    }
    var _ =
        CompletableFuture.allOf(all.toArray(CompletableFuture[]::new))
            .exceptionally(
                failure -> {
                  any.completeExceptionally(failure);
                  return null;
                });
    return any;
  }
}
