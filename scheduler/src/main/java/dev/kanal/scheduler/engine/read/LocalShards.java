package dev.kanal.scheduler.engine.read;

import dev.kanal.common.clock.Ticker;
import dev.kanal.scheduler.engine.shard.ShardStatus;
import dev.kanal.scheduler.engine.table.Rows;
import java.time.Duration;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentMap;
import org.apache.kafka.streams.errors.InvalidStateStoreException;

/**
 * The shards of this node, for those who read them. For any thread.
 *
 * @param all by number; a shard comes and goes by itself
 */
public record LocalShards(ConcurrentMap<Integer, ShardStatus> all, LogEnds logEnds, Ticker ticker) {
  private static final Duration ALIVE_WITHIN = Duration.ofSeconds(3);

  /** Whether the shard's thread still reads its log. */
  boolean isAlive(ShardStatus shard) {
    return ticker.nanos() - shard.aliveNanos() < ALIVE_WITHIN.toNanos();
  }

  /** By the shard's thread, which goes on; no effect if the shard is not here. */
  public void alive(int number) {
    ShardStatus shard = all.get(number);
    if (shard != null) {
      shard.alive(ticker.nanos());
    }
  }

  /** The shards that are not up to date. */
  public Set<Integer> behind() {
    Set<Integer> behind = new TreeSet<>();
    all.forEach(
        (number, shard) -> {
          if (!shard.caughtUp() || !isAlive(shard)) {
            behind.add(number);
          }
        });
    return behind;
  }

  Rows rows(int number) {
    ShardStatus shard = all.get(number);
    if (shard == null) {
      throw new InvalidStateStoreException("Expected shard " + number + ", but it is not here");
    }
    return shard.rows();
  }
}
