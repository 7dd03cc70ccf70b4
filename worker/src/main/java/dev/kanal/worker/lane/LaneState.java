package dev.kanal.worker.lane;

import dev.kanal.common.channel.Channel;
import dev.kanal.worker.pool.Slots;

/**
 * The state that a lane keeps from one stay in the share group to the next.
 *
 * @param slots of its queue
 * @param handOff belongs to the lane's thread
 */
record LaneState(Channel channel, Slots slots, HandOff handOff, LaneStop stop) {
  /** The size that the lanes of this channel should have now. */
  LaneSize rightSize() {
    return LaneSize.of(slots.size(), channel.priority());
  }
}
