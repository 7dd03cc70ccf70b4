package dev.kanal.scheduler.api;

import dev.kanal.common.job.JobSpec;
import dev.kanal.common.log.Shards;
import java.time.Duration;
import java.util.OptionalInt;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Chooses the shards of new jobs. Those that may live anywhere come to one shard for some
 * milliseconds, and then to another: what is close in time then travels in one batch through log,
 * engine and back, in place of a small batch for each shard. Usable from any thread.
 */
final class Placement {
  /** How long jobs go to the same shard. */
  static final Duration STAY = Duration.ofMillis(5);

  /** How many at most: they wait for each other in the shard, for a few milliseconds. */
  static final int STAY_JOBS = 128;

  private final ApiParts parts;
  private final Shards shards;
  private volatile Stay stay;

  private record Stay(int shard, long untilNanos, AtomicInteger left) {}

  Placement(ApiParts parts) {
    this.parts = parts;
    this.shards = new Shards(parts.reader().shards());
    this.stay = new Stay(0, parts.ticker().nanos(), new AtomicInteger());
  }

  /** Where the job must live; any shard if it may live anywhere. Its queue has been made ready. */
  int shardOf(JobSpec spec) {
    OptionalInt fixed = shards.ofJob(spec, parts.queues().known().settings(spec.queue()));
    return fixed.isPresent() ? fixed.getAsInt() : anywhere();
  }

  /** Threads that find the time over together may each begin a stay; the last one holds. */
  private int anywhere() {
    Stay now = stay;
    long nanos = parts.ticker().nanos();
    if (nanos - now.untilNanos >= 0 || now.left.getAndDecrement() <= 0) {
      int shard = parts.random().nextInt(shards.count());
      now = new Stay(shard, nanos + STAY.toNanos(), new AtomicInteger(STAY_JOBS - 1));
      stay = now;
    }
    return now.shard;
  }
}
