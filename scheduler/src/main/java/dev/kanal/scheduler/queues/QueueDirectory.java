package dev.kanal.scheduler.queues;

import dev.kanal.common.job.Priority;
import dev.kanal.common.queue.KnownQueues;
import dev.kanal.common.queue.QueueSettings;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletableFuture;

/** Knows queues: their settings, and whether they have topics. Usable from any thread. */
public interface QueueDirectory {
  /**
   * Makes sure that the queue's topic for this priority exists, that every shard knows of it, and
   * that this node knows the queue's settings. Completes at once for a queue that is known; fails
   * with a {@link dev.kanal.common.channel.SendFailedException} when Kafka is away. Never blocks.
   */
  CompletableFuture<Readiness> ensure(String queue, Priority priority);

  /** What this node has read of the queues' settings. */
  KnownQueues known();

  /** The settings of a queue of which nothing was said. */
  QueueSettings defaults();

  /** Settings by which the queue works, as far as this node knows. */
  default QueueSettings settings(String queue) {
    QueueSettings said = known().settings(queue);
    return said == null ? defaults() : said;
  }

  /** Whether the first job of a queue that there is not makes it. */
  boolean makesQueues();

  /** The partitions of the queue's topics; 0 if it has none. */
  CompletableFuture<Integer> partitions(String queue);

  /**
   * How many records of each partition the workers' share group has not settled, by priority:
   * waiting or running, and a record of a job that ended meanwhile counts, too. Empty before the
   * first worker came.
   */
  CompletableFuture<Map<Priority, Map<Integer, Long>>> groupLags(String queue);

  /** The names of all queues that have topics. */
  CompletableFuture<Set<String>> names();

  /**
   * Gives the queue a topic, if it has none, and all of its topics at least this many partitions;
   * every shard is informed.
   */
  CompletableFuture<Void> open(String queue, int partitions);

  /** Deletes the queue's topics; a later use of the queue makes it again. */
  CompletableFuture<Void> delete(String queue);

  /** Whether a queue takes jobs. */
  enum Readiness {
    READY,
    /** There is no such queue, and queues are not made on first use. */
    UNKNOWN
  }
}
