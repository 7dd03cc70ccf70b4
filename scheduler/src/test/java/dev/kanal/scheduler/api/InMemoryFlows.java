package dev.kanal.scheduler.api;

import static java.util.Objects.requireNonNull;

import dev.kanal.common.log.FlowEntry;
import dev.kanal.scheduler.engine.flow.FlowWorld;
import dev.kanal.scheduler.engine.query.FlowReader;
import dev.kanal.scheduler.engine.read.LocalFlowReader;
import dev.kanal.scheduler.engine.read.LocalShards;
import dev.kanal.scheduler.engine.shard.ShardStatus;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;

/** The engine's own shards of flows, in memory; their jobs end when a test says so. */
public final class InMemoryFlows implements AutoCloseable {
  private final FlowWorld world = new FlowWorld(InMemoryShards.SHARDS);
  private final LocalFlowReader reader;

  InMemoryFlows() {
    ConcurrentMap<Integer, ShardStatus> all = new ConcurrentHashMap<>();
    for (int shard = 0; shard < InMemoryShards.SHARDS; shard++) {
      all.put(shard, new ShardStatus(shard, world.stores.get(shard), Set.of(), 0, 0));
    }
    world.ended = id -> requireNonNull(all.get(id.shard())).ended(id);
    reader =
        new LocalFlowReader(
            InMemoryShards.SHARDS,
            new LocalShards(all, _ -> CompletableFuture.completedFuture(0L), () -> 0));
  }

  FlowReader reader() {
    return reader;
  }

  synchronized void apply(FlowEntry entry) {
    world.tell(entry);
  }

  /** The only job of this step that is out succeeds. */
  public synchronized void succeed(String step, String result) {
    world.succeed(step, result);
  }

  /** The only job of this step that is out fails, for good. */
  public synchronized void fail(String step) {
    world.fail(world.task(step));
  }

  @Override
  public void close() {
    reader.close();
  }
}
