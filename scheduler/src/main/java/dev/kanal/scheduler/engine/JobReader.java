package dev.kanal.scheduler.engine;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import java.time.Duration;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.CompletableFuture;

/**
 * Questions to the shards of this node. Usable from any thread; never blocks. The futures complete
 * on an engine thread: hand over before doing work.
 */
public interface JobReader {
  /** How many shards the installation has; a job whose shard is not below it cannot exist. */
  int shards();

  /** Who owns a shard now. */
  Owner ownerOf(int shard);

  /**
   * Finds a job of a shard of this node. Reads your writes: a job is missing only if nothing of it
   * stood in the log when the question was asked.
   */
  CompletableFuture<Answer> find(JobId job);

  /** The same, once the job has ended or {@code atMost} is over. */
  CompletableFuture<Answer> awaitFinal(JobId job, Duration atMost);

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

  /** The counts of every queue that this node's shards know, each shard by itself. */
  CompletableFuture<List<QueueCount>> queueCounts();

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
   * @param queued jobs on the channel that are not known to run: the lag
   * @param running jobs under a lease
   * @param waiting jobs scheduled, blocked or waiting for their next attempt
   * @param oldestQueuedEpochMs when the oldest queued job was sent; 0 without one
   */
  record QueueCount(
      int shard, String queue, long queued, long running, long waiting, long oldestQueuedEpochMs) {}

  /**
   * How this node's engine is.
   *
   * @param ready every shard of this node has caught up since it came here, and is reading
   * @param detail one line for people
   */
  record Health(boolean ready, String detail) {}
}
