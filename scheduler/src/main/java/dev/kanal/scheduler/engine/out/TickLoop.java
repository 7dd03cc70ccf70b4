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
  /** Between two looks, while a tick that is due cannot be appended yet. */
  static final Duration LEAST = Duration.ofMillis(5);

  /** Between two looks; a wall clock that was set forward is noticed so late at most. */
  static final Duration MOST = Duration.ofMillis(500);

  private final Map<Integer, ShardStatus> shards;
  private final Sink<ToShard> shardLog;
  private final InstantSource clock;
  private final Ticker ticker;
  private final Housekeeper keeper =
      Housekeeper.paced("kanal-ticks", "append ticks", LEAST, this::appendDue);

  private volatile Pause pause = Pause.LOOKING;

  /** Since when and for how long the loop does not look. */
  private record Pause(long sinceNanos, long nanos) {
    /** What changes meanwhile may have been seen or not, so it is looked at again. */
    static final Pause LOOKING = new Pause(0, Long.MAX_VALUE);

    boolean endsWithin(long wait, long now) {
      return !equals(LOOKING) && nanos - (now - sinceNanos) <= wait;
    }
  }

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
    return keeper;
  }

  /** The shard wants its next tick earlier than it did before. By the shard's thread. */
  public void wantedEarlier(ShardStatus shard) {
    if (looksTooLate(shard)) {
      keeper.wake();
    }
  }

  boolean looksTooLate(ShardStatus shard) {
    long nanos = ticker.nanos();
    return !pause.endsWithin(shard.nanosToTick(clock.millis(), nanos), nanos);
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

  /** One round of the loop; returns how long it is to the next. */
  Duration appendDue() {
    pause = Pause.LOOKING;
    long now = clock.millis();
    long nanos = ticker.nanos();
    long wait = MOST.toNanos();
    for (ShardStatus shard : shards.values()) {
      long left = shard.nanosToTick(now, nanos);
      if (left <= 0) {
        append(shard, shard.applied());
      }
      wait = Math.min(wait, left);
    }
    wait = Math.max(wait, LEAST.toNanos());
    pause = new Pause(nanos, wait);
    return Duration.ofNanos(wait);
  }
}
