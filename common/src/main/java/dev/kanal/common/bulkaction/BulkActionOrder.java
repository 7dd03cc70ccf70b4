package dev.kanal.common.bulkaction;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is to be done to many jobs.
 *
 * @param filter which jobs; null if they are listed
 * @param jobs which jobs, if there is no filter; at most {@link #JOBS_MAX}
 * @param dryRun nothing is done to them, they are only counted
 * @param queue where {@code MOVE} brings them; null for all other actions
 */
public record BulkActionOrder(
    BulkAction action,
    @Nullable JobFilter filter,
    List<JobId> jobs,
    boolean dryRun,
    @Nullable String queue) {
  public static final int JOBS_MAX = 10_000;

  public BulkActionOrder {
    jobs = List.copyOf(jobs);
    if (jobs.size() > JOBS_MAX) {
      throw new IllegalArgumentException(
          "Expected at most " + JOBS_MAX + " jobs, but got " + jobs.size());
    }
    if ((action == BulkAction.MOVE) != (queue != null)) {
      throw new IllegalArgumentException("Expected a queue to move to, and for nothing else");
    }
  }

  /** An order that brings no job to another queue. */
  public BulkActionOrder(
      BulkAction action, @Nullable JobFilter filter, List<JobId> jobs, boolean dryRun) {
    this(action, filter, jobs, dryRun, null);
  }

  /** All jobs that wait in a queue are cancelled, with the reason {@code purged}. */
  public static BulkActionOrder purge(String queue) {
    Set<JobState> waiting =
        Set.of(JobState.SCHEDULED, JobState.BLOCKED, JobState.QUEUED, JobState.RETRYING);
    JobFilter filter = JobFilter.ALL.withQueue(queue).withStates(waiting);
    return new BulkActionOrder(BulkAction.PURGE, filter, List.of(), false);
  }

  /** The same for the listed jobs of one shard. */
  public BulkActionOrder ofShard(int shard) {
    List<JobId> some = jobs.stream().filter(job -> job.shard() == shard).toList();
    return new BulkActionOrder(action, filter, some, dryRun, queue);
  }

  /** The same without its list. */
  public BulkActionOrder withoutJobs() {
    return new BulkActionOrder(action, filter, List.of(), dryRun, queue);
  }
}
