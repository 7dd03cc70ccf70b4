package dev.kanal.worker.queues;

import java.time.Duration;

/**
 * When channels have lanes.
 *
 * @param kept this many channels have lanes although nothing comes
 * @param most at most this many have lanes; further ones wait until others are idle or have had
 *     their turn
 * @param idle how long nothing has come to a channel before it loses its lanes
 * @param hurry the same while half as many have lanes as can, or others wait for theirs
 * @param turn how long a channel to which tasks come keeps its lanes while others wait for theirs
 * @param overlap how long a channel is watched before it loses its lanes
 * @param check how often the ends of a channel without lanes are found, lest it is overlooked; more
 *     seldom if there are thousands
 */
record OnDemand(
    int kept,
    int most,
    Duration idle,
    Duration hurry,
    Duration turn,
    Duration overlap,
    Duration check) {
  static final OnDemand DEFAULT =
      new OnDemand(
          16,
          200,
          Duration.ofSeconds(10),
          Duration.ofSeconds(4),
          Duration.ofSeconds(5),
          DormantWatch.OVERLAP,
          Duration.ofSeconds(10));
}
