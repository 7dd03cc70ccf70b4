package dev.kanal.scheduler.engine.out;

import java.time.Duration;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;

/**
 * Holds back a commit until what the committed state says has been sent really was. Each stream
 * thread commits for its own shards.
 */
public final class CommitBarrier {
  private static final Duration PATIENCE = Duration.ofSeconds(2);
  private static final Duration AT_MOST = Duration.ofSeconds(30);

  private final Dispatcher dispatcher;
  private final Map<Thread, Map<Integer, ReplayBuffer>> buffers = new ConcurrentHashMap<>();

  public CommitBarrier(Dispatcher dispatcher) {
    this.dispatcher = dispatcher;
  }

  /** By the thread that will commit the shard. */
  public void join(int shard, ReplayBuffer buffer) {
    buffers
        .computeIfAbsent(Thread.currentThread(), _ -> new ConcurrentHashMap<>())
        .put(shard, buffer);
  }

  public void leave(int shard) {
    buffers.computeIfPresent(
        Thread.currentThread(),
        (_, mine) -> {
          mine.remove(shard);
          return mine.isEmpty() ? null : mine;
        });
  }

  /** By the committing thread, before it commits. */
  public void await() {
    Map<Integer, ReplayBuffer> mine = buffers.get(Thread.currentThread());
    if (mine != null) {
      mine.values().forEach(ReplayBuffer::release);
      dispatcher.await(Set.copyOf(mine.keySet()), PATIENCE, AT_MOST);
    }
  }
}
