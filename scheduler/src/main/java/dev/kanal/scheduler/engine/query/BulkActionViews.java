package dev.kanal.scheduler.engine.query;

import dev.kanal.common.job.JobId;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What the shards of one node know of some bulk actions.
 *
 * @param shards that were asked
 * @param parts of those that know an action, by its id
 */
public record BulkActionViews(Set<Integer> shards, Map<JobId, List<BulkActionView.Part>> parts) {
  public BulkActionViews {
    shards = Set.copyOf(shards);
    parts = Map.copyOf(parts);
  }
}
