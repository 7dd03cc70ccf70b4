package dev.kanal.scheduler.stats;

/**
 * The buckets that times are counted in: one for each millisecond up to 32, then 16 for each power
 * of two, up to more than a year. The same on every node, so that counts can be added.
 */
final class Buckets {
  private static final int SUB_BITS = 4;
  private static final int SUB = 1 << SUB_BITS;

  /** The greatest power of two that has a bucket of its own. */
  private static final int LAST_BIT = 35;

  /** Buckets that there are. */
  static final int COUNT = (LAST_BIT - SUB_BITS + 2) * SUB;

  private Buckets() {}

  /** The bucket of a time; none is negative, and the last holds all that are longer. */
  static int of(long ms) {
    if (ms < SUB) {
      return (int) Math.max(0, ms);
    }
    int bit = Long.SIZE - 1 - Long.numberOfLeadingZeros(ms);
    if (bit > LAST_BIT) {
      return COUNT - 1;
    }
    return (bit - SUB_BITS) * SUB + (int) (ms >>> (bit - SUB_BITS));
  }

  /** The time in the middle of a bucket, in milliseconds. */
  static double middle(int bucket) {
    if (bucket < 2 * SUB) {
      return bucket;
    }
    int shift = bucket / SUB - 1;
    long from = (long) (SUB + bucket % SUB) << shift;
    return from + ((1L << shift) - 1) / 2.0;
  }
}
