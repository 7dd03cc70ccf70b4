package dev.kanal.scheduler.engine.step;

import dev.kanal.common.channel.Channel;
import java.util.HashMap;
import java.util.Map;

/**
 * Where to begin to look for a channel's blocked jobs: none was blocked at an earlier log offset.
 * Jobs come to the end of the line only, so a front never moves back. What is not known costs time
 * and no more; without it each look passes every job that was let through before, as a deleted row
 * stands in the store until the next compaction. Belongs to the shard's thread.
 */
public final class BlockedHeads {
  /** Channels beyond this many are looked for from the beginning again. */
  public static final int CHANNELS_MAX = 10_000;

  private final Map<Channel, Long> offsets = new HashMap<>();

  long of(Channel channel) {
    return offsets.getOrDefault(channel, 0L);
  }

  public void moveTo(Map<Channel, Long> further) {
    if (offsets.size() + further.size() > CHANNELS_MAX) {
      offsets.clear();
    }
    offsets.putAll(further);
  }
}
