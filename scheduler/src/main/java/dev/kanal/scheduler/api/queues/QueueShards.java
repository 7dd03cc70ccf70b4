package dev.kanal.scheduler.api.queues;

import static dev.kanal.scheduler.api.door.CallThreads.await;

import dev.kanal.common.clock.Ticker;
import dev.kanal.scheduler.api.counts.NodeQueue;
import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.ShardQueue;
import io.vertx.core.Future;
import java.time.Duration;
import java.util.BitSet;
import java.util.List;

/** What all shards, on all nodes, have of one queue; asked on a call's own thread. */
final class QueueShards {
  /** How long the shards may take to let go of a deleted queue. */
  private static final Duration LETTING_GO = Duration.ofSeconds(8);

  private static final Duration ASK_AGAIN = Duration.ofMillis(100);

  private final CallThreads threads;
  private final JobReader reader;
  private final AllOwners owners;
  private final Ticker ticker;

  QueueShards(CallThreads threads, JobReader reader, AllOwners owners, Ticker ticker) {
    this.threads = threads;
    this.reader = reader;
    this.owners = owners;
    this.ticker = ticker;
  }

  /** Counts every job that was taken before. */
  long unfinished(String queue) throws RefusedException {
    List<NodeQueue> answers =
        await(owners.ask(NodeQueue.QUESTION, queue, here(queue)), AllOwners::problem);
    return answers.stream()
        .flatMap(answer -> answer.known().stream())
        .mapToLong(ShardQueue::unfinished)
        .sum();
  }

  /** Waits until no shard sends to the queue any more. */
  void letGo(String queue, long revision) throws RefusedException {
    long until = ticker.nanos() + LETTING_GO.toNanos();
    while (!haveLetGo(queue, revision)) {
      if (ticker.nanos() >= until) {
        throw new RefusedException(
            Problem.shardAmbiguous(
                "The settings of the queue are deleted, but its topics are not, as not every shard"
                    + " has let go of it: delete it again"));
      }
      threads.pause(ASK_AGAIN);
    }
  }

  private boolean haveLetGo(String queue, long revision) throws RefusedException {
    return await(
        owners
            .ask(NodeQueue.QUESTION, queue, here(queue))
            .map(
                answers -> {
                  BitSet reached = new BitSet();
                  answers.forEach(answer -> reached.or(answer.reached(revision)));
                  return reached.cardinality() >= reader.shards();
                })
            .otherwise(false),
        AllOwners::problem);
  }

  private Future<NodeQueue> here(String queue) {
    return owners.here(reader.queue(queue)).map(NodeQueue::new);
  }
}
