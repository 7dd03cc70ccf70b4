package dev.kanal.worker.lane;

import dev.kanal.common.job.Priority;

/**
 * How many records a lane takes at once: one of a few sizes, since changing it means leaving the
 * share group and joining again. A lane reserves slots for all of them, so the lanes' sizes
 * together should not exceed the slots.
 */
final class LaneSize {
  private static final int LARGEST = 256;
  private static final int STEP = 2;

  /** A lane of low priority takes this part of what another does. */
  private static final int LOW_PART = 4;

  private LaneSize() {}

  /** The size of a lane when {@code lanes} share {@code slots} and nothing is scarce. */
  static int fair(int slots, int lanes, Priority priority) {
    int share = slots / Math.max(1, lanes);
    return atMost(priority == Priority.LOW ? share / LOW_PART : share);
  }

  /** The size to open with: what is fair, but no more than is free now. */
  static int toOpen(int fair, int free) {
    return Math.min(fair, atMost(free));
  }

  /** The next larger size. */
  static int larger(int size) {
    return Math.min(size * STEP, LARGEST);
  }

  /** The largest size within {@code share}. */
  private static int atMost(int share) {
    int size = LARGEST;
    while (size > 1 && size > share) {
      size /= STEP;
    }
    return size;
  }
}
