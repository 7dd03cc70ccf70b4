package dev.kanal.worker.lane;

import dev.kanal.common.job.Priority;

/**
 * How many lanes a channel can have, and how many records each takes at once. A lane reserves slots
 * for all of its records before it asks for them: lanes of normal priority may together hold all
 * slots of their queue, those of high priority half and those of low an eighth. Idle lanes leave
 * theirs to others. How many lanes a channel has within that bound is for {@link Traffic} to say;
 * their size does not depend on it, so that lanes can come and go beside others that work.
 *
 * @param most lanes
 * @param records of each lane
 */
record LaneSize(int most, int records) {
  /** The most records of a lane. */
  static final int RECORDS_MAX = 500;

  /** The most lanes of a channel; each is a member of its share group. */
  static final int LANES_MAX = 8;

  private static final int HIGH_PART = 2;
  private static final int LOW_PART = 8;

  static LaneSize of(int slots, Priority priority) {
    int part =
        switch (priority) {
          case HIGH -> slots / HIGH_PART;
          case NORMAL -> slots;
          case LOW -> slots / LOW_PART;
        };
    int records = Math.clamp(part / LANES_MAX, 1, RECORDS_MAX);
    return new LaneSize(Math.clamp(part / records, 1, LANES_MAX), records);
  }

  /** The number of records to open a lane with when {@code free} slots are free. */
  int toOpen(int free) {
    return Math.clamp(free, 1, records);
  }

  /** The records that all lanes of the channel may have at once. */
  int all() {
    return most * records;
  }

  /** Whether a lane with {@code size} is much smaller than this. */
  boolean isFarAbove(int size) {
    return 2 * records > 3 * size;
  }

  /** Whether a lane with {@code size} is much larger than this. */
  boolean isFarBelow(int size) {
    return 3 * records < 2 * size;
  }
}
