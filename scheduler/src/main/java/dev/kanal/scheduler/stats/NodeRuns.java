package dev.kanal.scheduler.stats;

import java.util.Map;

/**
 * What one node has counted since it began.
 *
 * @param node drawn with each start: counts of the same can be compared
 * @param queues by their names; those beyond the bound as {@link RunRecorder#OTHERS}
 */
public record NodeRuns(long node, Map<String, RunTally> queues) {
  public NodeRuns {
    queues = Map.copyOf(queues);
  }
}
