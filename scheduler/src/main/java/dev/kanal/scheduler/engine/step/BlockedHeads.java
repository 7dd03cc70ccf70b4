package dev.kanal.scheduler.engine.step;

import dev.kanal.scheduler.engine.row.Lane;
import java.util.HashMap;
import java.util.Map;

/**
 * Where to begin to look for a lane's blocked jobs: none was blocked at an earlier log offset. Jobs
 * come to the end of the line only, so a front never moves back. What is not known costs time and
 * no more; without it each look passes every job that was let through before, as a deleted row
 * stands in the store until the next compaction. Belongs to the shard's thread.
 */
public final class BlockedHeads {
  /** Lanes beyond this many are looked for from the beginning again. */
  public static final int LANES_MAX = 10_000;

  private final Map<Lane, Long> offsets = new HashMap<>();

  long of(Lane lane) {
    return offsets.getOrDefault(lane, 0L);
  }

  public void moveTo(Map<Lane, Long> further) {
    if (offsets.size() + further.size() > LANES_MAX) {
      offsets.clear();
    }
    offsets.putAll(further);
  }
}
