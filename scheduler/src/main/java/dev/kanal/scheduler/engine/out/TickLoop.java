package dev.kanal.scheduler.engine.out;

import dev.kanal.common.channel.Sink;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.log.LogEntry.Tick;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.upkeep.Housekeeper;
import dev.kanal.scheduler.engine.shard.ShardStatus;
import java.time.Duration;
import java.time.InstantSource;
import java.util.Map;

/**
 * Appends a tick to the log of each shard of this node that wants one, unless one is on its way.
 * Only appends: what a tick brings is decided when it is read.
 */
public final class TickLoop {
  private static final Duration EVERY = Duration.ofMillis(5);

  private final Map<Integer, ShardStatus> shards;
  private final Sink<ToShard> shardLog;
  private final InstantSource clock;
  private final Ticker ticker;

  /**
   * @param shardLog must not block
   */
  public TickLoop(
      Map<Integer, ShardStatus> shards,
      Sink<ToShard> shardLog,
      InstantSource clock,
      Ticker ticker) {
    this.shards = shards;
    this.shardLog = shardLog;
    this.clock = clock;
    this.ticker = ticker;
  }

  public Housekeeper housekeeper() {
    return new Housekeeper("kanal-ticks", "append ticks", EVERY, this::appendDue);
  }

  /**
   * Appends one to a shard that has more to do, now and not at the loop's next look.
   *
   * @param read the offset up to which everything is applied, or is just now
   */
  public void append(ShardStatus shard, long read) {
    if (shard.takeTick(ticker.nanos(), read)) {
      var _ =
          shardLog
              .send(new ToShard(shard.number(), new Tick()))
              .whenComplete(
                  (position, failure) -> {
                    if (failure == null) {
                      shard.tickStands(position.offset());
                    } else {
                      shard.tickFailed();
                    }
                  });
    }
  }

  /** One round of the loop. */
  void appendDue() {
    long now = clock.millis();
    long nanos = ticker.nanos();
    for (ShardStatus shard : shards.values()) {
      if (shard.wantsTick(now, nanos)) {
        append(shard, shard.applied());
      }
    }
  }
}
