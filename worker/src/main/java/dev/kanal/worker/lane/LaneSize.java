package dev.kanal.worker.lane;

import dev.kanal.common.job.Priority;

/**
 * How many lanes a channel has, and how many records each takes at once. A lane reserves slots for
 * all of its records before it asks for them: lanes of normal priority may together hold all slots
 * of their queue, those of high priority half and those of low an eighth. Idle lanes leave theirs
 * to others.
 */
record LaneSize(int lanes, int records) {
  /** The records that a lane takes before another lane is added. */
  static final int RECORDS = 256;

  /** The most records of a lane; reached once there can be no more lanes. */
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
    int least = priority == Priority.NORMAL && part > 1 ? 2 : 1;
    int lanes = Math.clamp(Math.ceilDiv(part, RECORDS), least, LANES_MAX);
    return new LaneSize(lanes, Math.clamp(part / lanes, 1, RECORDS_MAX));
  }

  /** The number of records to open a lane with when {@code free} slots are free. */
  int toOpen(int free) {
    return Math.clamp(free, 1, records);
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
