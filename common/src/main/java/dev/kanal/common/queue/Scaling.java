package dev.kanal.common.queue;

/**
 * How many workers a queue is to have, for what starts and stops them.
 *
 * @param minWorkers from 0
 * @param maxWorkers from 1, and from {@code minWorkers}, to {@link #WORKERS_MAX}
 * @param targetSeconds within which a backlog is to be worked off
 */
public record Scaling(int minWorkers, int maxWorkers, int targetSeconds) {
  public static final int WORKERS_MAX = 10_000;
  public static final int TARGET_SECONDS_MAX = 86_400;

  public static final Scaling DEFAULT = new Scaling(0, 100, 30);

  public Scaling {
    check("minWorkers", minWorkers, 0, WORKERS_MAX);
    check("maxWorkers", maxWorkers, Math.max(1, minWorkers), WORKERS_MAX);
    check("targetSeconds", targetSeconds, 1, TARGET_SECONDS_MAX);
  }

  private static void check(String name, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          "Expected " + name + " from " + min + " to " + max + ", but got " + value);
    }
  }
}
