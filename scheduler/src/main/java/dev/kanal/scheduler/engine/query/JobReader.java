package dev.kanal.scheduler.engine.query;

import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.TokenHash;
import dev.kanal.scheduler.stats.NodeRuns;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/**
 * Questions to the shards of this node. Usable from any thread; never blocks. The futures complete
 * on an engine thread: hand over before doing work.
 */
public interface JobReader {
  /** How many shards the installation has; a job whose shard is not below it cannot exist. */
  int shards();

  /** The owner of a shard now. */
  Owner ownerOf(int shard);

  /**
   * Finds a job of a shard of this node. Reads your writes: a job is missing only if nothing of it
   * stood in the log when the question was asked.
   */
  CompletableFuture<Answer> find(JobId job);

  /** How a token stands that is to complete an attempt of a job of this node. */
  CompletableFuture<TokenStanding> token(JobId job, TokenHash token);

  /** The same, once the job has ended or {@code atMost} is over. */
  CompletableFuture<Answer> awaitFinal(JobId job, Duration atMost);

  /**
   * Looks through the shards of this node for jobs, for a bounded time.
   *
   * @param below only jobs with lesser ids; null for all
   * @param limit the most jobs to find
   */
  CompletableFuture<Listing> list(JobFilter filter, @Nullable JobId below, int limit);

  /**
   * What the shards of this node know of a bulk action. Reads your writes in its home shard, which
   * its id names: if that is here and has no part, there is no such action.
   */
  CompletableFuture<BulkActionView> bulk(JobId bulk);

  /**
   * What the shards of this node know of the newest bulk actions.
   *
   * @param below only those with lesser ids; null for all
   * @param limit the most of each shard
   */
  CompletableFuture<BulkActionViews> bulks(@Nullable JobId below, int limit);

  /**
   * Completes once a shard of this node has applied the record at {@code offset}; fails with {@link
   * UnavailableException} if that takes more than 5 seconds, or if the shard leaves this node.
   */
  CompletableFuture<Void> reached(int shard, long offset);

  /**
   * The submit that made the job which the idempotency key of {@code spec} means, as the shard has
   * it now; fails with {@link UnavailableException}. To be asked once the shard has {@link
   * #reached} what the answer depends on.
   */
  CompletableFuture<Optional<FirstSubmit>> firstSubmit(int shard, JobSpec spec);

  /**
   * What a job's handlers have logged; empty if there is no such job, as far as stood in the log
   * when the question was asked. Fails with {@link UnavailableException}.
   */
  CompletableFuture<Optional<JobLog>> log(JobId job);

  /** The counts of every queue that this node's shards know, each shard by itself. */
  CompletableFuture<List<QueueCount>> queueCounts();

  /** What has ended on this node since it started, and how long it took. */
  NodeRuns runs();

  /**
   * The dead jobs of this node's shards by failure, of a queue and a type if they are given. Fails
   * with {@link UnavailableException}.
   */
  CompletableFuture<FailureView> failures(@Nullable String queue, @Nullable String type);

  /** The latest events of a shard of this node; null if the shard is not here. */
  @Nullable EventRing events(int shard);

  /** How many unfinished jobs each queue has, in each shard of this node. */
  CompletableFuture<List<ShardUse>> use();

  /**
   * What each shard of this node knows of the queue, once it has read what stood in its log when
   * the question was asked.
   */
  CompletableFuture<List<ShardQueue>> queue(String queue);

  /** Which format the log of each shard of this node may have. */
  List<ShardFormat> formats();

  /** Whether the shards of this node are up and reading. */
  Health health();

  /** Where a shard lives. */
  sealed interface Owner {
    record Local() implements Owner {}

    /** Another node; its API's {@code host:port}. */
    record Remote(String host, int port) implements Owner {}

    /** Nobody, for now: shards are on the move, or Kafka is away. */
    record Unknown() implements Owner {}
  }

  /** The answer about a job. */
  sealed interface Answer {
    record Found(JobView job) implements Answer {}

    record Missing() implements Answer {}

    /** The shard is not here, or has not caught up with its log in time: ask again later. */
    record Unavailable(String why) implements Answer {}
  }

  /** The job that an idempotency key means, and the hash of what was submitted with it. */
  record FirstSubmit(JobId job, long bodyHi, long bodyLo) {}

  /**
   * One queue as one shard sees it.
   *
   * @param states how many jobs are in each state; one that is left out has none
   * @param oldestQueuedEpochMs when the oldest queued job was sent; 0 without one
   * @param lanes how many jobs of each priority are queued
   * @param flow since the queue began
   * @param blocked those that are {@code BLOCKED}, by what holds them
   * @param unhandled those of these for whose type no worker has a handler, by type
   */
  record QueueCount(
      int shard,
      String queue,
      Map<JobState, Long> states,
      long oldestQueuedEpochMs,
      Map<Priority, Long> lanes,
      Flow flow,
      Map<WaitCause, Blocked> blocked,
      Map<String, Unhandled> unhandled) {
    public QueueCount {
      states = Map.copyOf(states);
      lanes = Map.copyOf(lanes);
      blocked = Map.copyOf(blocked);
      unhandled = Map.copyOf(unhandled);
    }

    public long of(JobState state) {
      return states.getOrDefault(state, 0L);
    }
  }

  /**
   * Jobs that are blocked by one cause.
   *
   * @param sinceEpochMs since when the oldest of them is; 0 where nobody has looked
   */
  record Blocked(long jobs, long sinceEpochMs) {
    public Blocked plus(Blocked other) {
      long since =
          sinceEpochMs == 0 || other.sinceEpochMs == 0
              ? Math.max(sinceEpochMs, other.sinceEpochMs)
              : Math.min(sinceEpochMs, other.sinceEpochMs);
      return new Blocked(jobs + other.jobs, since);
    }
  }

  /**
   * Jobs of one type that no worker has a handler for.
   *
   * @param atLeast there may be more than were counted
   */
  record Unhandled(long jobs, boolean atLeast) {
    public Unhandled plus(Unhandled other) {
      return new Unhandled(jobs + other.jobs, atLeast || other.atLeast);
    }
  }

  /**
   * Jobs through a channel: what is in it is the difference of those that arrived and drained.
   *
   * @param submitted how many jobs came new since the shard came to its node; delayed and blocked
   *     ones count at once
   * @param arrived how many times a job has become queued; again with each retry
   * @param drained how many times one that was queued or running has left both
   */
  record Flow(long submitted, long arrived, long drained) {
    public static final Flow NONE = new Flow(0, 0, 0);

    public Flow plus(Flow other) {
      return new Flow(
          submitted + other.submitted, arrived + other.arrived, drained + other.drained);
    }
  }

  /**
   * The unfinished jobs of each queue in one shard.
   *
   * @param applied the last log offset that is surely counted
   */
  record ShardUse(int shard, long applied, Map<String, Long> unfinished) {
    public ShardUse {
      unfinished = Map.copyOf(unfinished);
    }
  }

  /**
   * One queue in one shard.
   *
   * @param revision of the settings by which the shard works; -1 without any
   */
  record ShardQueue(int shard, long revision, long unfinished) {}

  /**
   * The format of one shard's log.
   *
   * @param format the number of the newest format that it may have from now on, whatever happens to
   *     its owner
   */
  record ShardFormat(int shard, int format) {}

  /**
   * How this node's engine is.
   *
   * @param ready the node is of use: its shards have been up to date, and are not behind for long
   * @param detail one line for people; begins with the number of shards that are up to date
   * @param upToDate every shard of this node has caught up since it came here, and is reading
   * @param behindSince since when not; null while it is up to date, or not known
   */
  record Health(boolean ready, String detail, boolean upToDate, @Nullable Instant behindSince) {
    public Health(boolean ready, String detail) {
      this(ready, detail, ready, null);
    }
  }
}
