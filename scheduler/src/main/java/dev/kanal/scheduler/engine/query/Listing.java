package dev.kanal.scheduler.engine.query;

import dev.kanal.common.job.JobId;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What the shards of one node answer to a question for a list of jobs. */
public sealed interface Listing {
  /**
   * Some of the jobs asked for: all of them down to {@code reached}.
   *
   * @param shards that were looked through
   * @param jobs newest first, without payload, result and stacks
   * @param reached the job at which looking ended, if there may be older ones; null at the end
   */
  record Part(Set<Integer> shards, List<JobView> jobs, @Nullable JobId reached) implements Listing {
    public Part {
      shards = Set.copyOf(shards);
      jobs = List.copyOf(jobs);
    }
  }

  /** A shard that is here cannot be looked through now: ask again later. */
  record Unavailable(String why) implements Listing {}
}
