package dev.kanal.scheduler.engine.step;

import java.time.Duration;

/**
 * The numbers by which the engine decides. They must be the same on every node.
 *
 * @param lease a worker's silence that ends its leases
 * @param tickGap a gap between ticks beyond which leases are given a whole lease time again
 * @param snoozesMax snoozes of a job that are not counted as failures
 * @param crashLimit lost workers after which a job is given up
 * @param itemsMax items that one step handles
 */
public record EngineRules(
    Duration lease, Duration tickGap, int snoozesMax, int crashLimit, int itemsMax) {
  /**
   * The rules of today. By the first ones a job that came to a deleted queue died, a retry of one
   * was refused, and a task that could not be sent waited for its topic only. A shard's log says
   * from where on newer ones hold.
   */
  public static final int NEWEST = 2;

  public static final EngineRules DEFAULT =
      new EngineRules(Duration.ofSeconds(15), Duration.ofSeconds(2), 20, 3, 500);
}
