package dev.kanal.scheduler.api.jobs;

import dev.kanal.common.clock.Ticker;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.log.Shards;
import dev.kanal.common.queue.QueueSettings;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/**
 * Chooses the shards of new jobs. Those that may live anywhere come to one shard for some
 * milliseconds, and then to another: what is close in time then travels in one batch through log,
 * engine and back, in place of a small batch for each shard. Usable from any thread.
 */
public final class Placement {
  /** How long jobs go to the same shard. */
  static final Duration STAY = Duration.ofMillis(5);

  /** How many at most: they wait for each other in the shard, for a few milliseconds. */
  static final int STAY_JOBS = 128;

  private final Shards shards;
  private final Function<String, @Nullable QueueSettings> settings;
  private final Ticker ticker;
  private final RandomGenerator random;
  private volatile Stay stay;

  private record Stay(int shard, long untilNanos, AtomicInteger left) {}

  /**
   * @param settings of a queue, as far as they are known
   */
  public Placement(
      Shards shards,
      Function<String, @Nullable QueueSettings> settings,
      Ticker ticker,
      RandomGenerator random) {
    this.shards = shards;
    this.settings = settings;
    this.ticker = ticker;
    this.random = random;
    this.stay = new Stay(0, ticker.nanos(), new AtomicInteger());
  }

  /** Where the job must live; any shard if it may live anywhere. Its queue has been made ready. */
  public int shardOf(JobSpec spec) {
    OptionalInt fixed = shards.ofJob(spec, settings.apply(spec.queue()));
    return fixed.isPresent() ? fixed.getAsInt() : anywhere();
  }

  /** Threads that find the time over together may each begin a stay; the last one holds. */
  private int anywhere() {
    Stay now = stay;
    long nanos = ticker.nanos();
    if (nanos - now.untilNanos >= 0 || now.left.getAndDecrement() <= 0) {
      int shard = random.nextInt(shards.count());
      now = new Stay(shard, nanos + STAY.toNanos(), new AtomicInteger(STAY_JOBS - 1));
      stay = now;
    }
    return now.shard;
  }
}
