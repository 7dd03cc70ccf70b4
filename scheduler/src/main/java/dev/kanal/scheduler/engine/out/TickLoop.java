package dev.kanal.scheduler.engine.out;

import dev.kanal.common.channel.Sink;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.log.LogEntry.Tick;
import dev.kanal.common.log.ToShard;
import dev.kanal.scheduler.engine.shard.ShardStatus;
import java.time.InstantSource;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;

/**
 * Appends a tick to the log of each shard of this node that wants one, unless one is on its way.
 * Only appends: what a tick brings is decided when it is read.
 */
public final class TickLoop implements AutoCloseable {
  private static final long EVERY_MS = 5;

  private final Map<Integer, ShardStatus> shards;
  private final Sink<ToShard> shardLog;
  private final InstantSource clock;
  private final Ticker ticker;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          Thread.ofPlatform().name("kanal-ticks").daemon().factory());

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

  public void start() {
    var _ =
        thread.scheduleWithFixedDelay(this::appendDue, EVERY_MS, EVERY_MS, TimeUnit.MILLISECONDS);
  }

  @Override
  public void close() {
    thread.shutdownNow();
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

  /** One look, which the loop takes again and again. */
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
