package dev.kanal.worker.pool;

/**
 * Bounds of a pool.
 *
 * @param min slots that each queue has at least, as far as the total allows
 * @param max slots that a queue has at most
 * @param total slots of all queues together
 */
public record PoolSettings(int min, int max, int total) {
  /** The most slots that can be set. */
  public static final int TOTAL_MAX = 200_000;

  /** The least of each queue, unless set. */
  public static final int MIN = 64;

  /** Of all queues, unless set. */
  public static final int TOTAL = 1_000;

  public static final PoolSettings DEFAULT = new PoolSettings(MIN, TOTAL_MAX, TOTAL);

  public PoolSettings {
    check("total", total, 1, TOTAL_MAX);
    check("max", max, 1, TOTAL_MAX);
    check("min", min, 1, max);
  }

  public PoolSettings withTotal(int other) {
    return new PoolSettings(min, max, other);
  }

  private static void check(String what, int value, int least, int most) {
    if (value < least || value > most) {
      throw new IllegalArgumentException(
          "Expected %s of %d to %d slots, but got %d".formatted(what, least, most, value));
    }
  }
}
