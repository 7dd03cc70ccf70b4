package dev.kanal.common.queue;

import org.jspecify.annotations.Nullable;

/**
 * How a queue works.
 *
 * @param partitions of each of its topics, from 1 to {@link #PARTITIONS_MAX}; may grow, not shrink
 * @param capacity unfinished jobs beyond which a submit is refused; softly, over all shards
 * @param concurrency tasks that may be out with workers at once; null without limit
 * @param rate of sending; null without limit
 * @param weight share of a worker's slots against other queues, from 1 to {@link #WEIGHT_MAX}
 * @param strict whether workers ask before each task
 * @param paused nothing is sent, and workers take nothing
 * @param scaling bounds for what starts and stops workers
 */
public record QueueSettings(
    int partitions,
    long capacity,
    @Nullable Integer concurrency,
    @Nullable Rate rate,
    int weight,
    boolean strict,
    boolean paused,
    QueueDefaults defaults,
    Scaling scaling) {
  public static final int PARTITIONS_MAX = 256;
  public static final long CAPACITY_MAX = 1_000_000_000;
  public static final int CONCURRENCY_MAX = 100_000;
  public static final int WEIGHT_MAX = 100;

  public QueueSettings {
    check("partitions", partitions, PARTITIONS_MAX);
    check("capacity", capacity, CAPACITY_MAX);
    if (concurrency != null) {
      check("concurrency", concurrency, CONCURRENCY_MAX);
    }
    check("weight", weight, WEIGHT_MAX);
  }

  public QueueSettings withScaling(Scaling other) {
    return new QueueSettings(
        partitions, capacity, concurrency, rate, weight, strict, paused, defaults, other);
  }

  /** A queue with default settings. */
  public static QueueSettings of(int partitions, long capacity) {
    return new QueueSettings(
        partitions, capacity, null, null, 1, false, false, QueueDefaults.NONE, Scaling.DEFAULT);
  }

  /** Whether one shard decides about all jobs of the queue: limits cannot be shared out. */
  public boolean limited() {
    return concurrency != null || rate != null;
  }

  public QueueSettings withPartitions(int other) {
    return new QueueSettings(
        other, capacity, concurrency, rate, weight, strict, paused, defaults, scaling);
  }

  public QueueSettings withPaused(boolean other) {
    return new QueueSettings(
        partitions, capacity, concurrency, rate, weight, strict, other, defaults, scaling);
  }

  private static void check(String name, long value, long max) {
    if (value < 1 || value > max) {
      throw new IllegalArgumentException(
          "Expected " + name + " from 1 to " + max + ", but got " + value);
    }
  }
}
