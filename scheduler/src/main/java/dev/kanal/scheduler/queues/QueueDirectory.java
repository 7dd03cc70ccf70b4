package dev.kanal.scheduler.queues;

import dev.kanal.common.job.Priority;
import java.util.concurrent.CompletableFuture;

/** Knows which queues are ready to take jobs. Usable from any thread; never blocks. */
public interface QueueDirectory {
  /**
   * Makes sure that the queue's topic for this priority exists and that every shard has been told.
   * Completes at once for a queue that is known; fails with a {@link
   * dev.kanal.common.channel.SendFailedException} when Kafka is away.
   */
  CompletableFuture<Readiness> ensure(String queue, Priority priority);

  /** Whether a queue takes jobs. */
  enum Readiness {
    READY,
    /** There is no such queue, and queues are not made on first use. */
    UNKNOWN
  }
}
