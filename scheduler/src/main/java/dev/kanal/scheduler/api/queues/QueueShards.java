package dev.kanal.scheduler.api.queues;

import dev.kanal.common.clock.Ticker;
import dev.kanal.scheduler.api.counts.QueueShare;
import dev.kanal.scheduler.api.node.Owners;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.ShardQueue;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.BitSet;

/**
 * What all shards, on all nodes, have of one queue. Futures fail with a {@link RefusedException}.
 */
final class QueueShards {
  /** How long the shards may take to let go of a deleted queue. */
  private static final Duration LETTING_GO = Duration.ofSeconds(8);

  private static final Duration ASK_AGAIN = Duration.ofMillis(100);

  private final Vertx vertx;
  private final JobReader reader;
  private final Owners owners;
  private final Ticker ticker;

  QueueShards(Vertx vertx, JobReader reader, Owners owners, Ticker ticker) {
    this.vertx = vertx;
    this.reader = reader;
    this.owners = owners;
    this.ticker = ticker;
  }

  /** Counts every job that was taken before. */
  Future<Long> unfinished(String queue) {
    return owners
        .ask(QueueShare.QUESTION, queue, here(queue))
        .map(
            shares ->
                shares.stream()
                    .flatMap(share -> share.known().stream())
                    .mapToLong(ShardQueue::unfinished)
                    .sum())
        .recover(failure -> QueueChanges.refuse(Owners.problem(failure)));
  }

  /** Waits until no shard sends to the queue any more. */
  Future<Void> letGo(String queue, long revision) {
    return letGo(queue, revision, ticker.nanos() + LETTING_GO.toNanos());
  }

  private Future<Void> letGo(String queue, long revision, long until) {
    return owners
        .ask(QueueShare.QUESTION, queue, here(queue))
        .compose(
            shares -> {
              BitSet reached = new BitSet();
              shares.forEach(share -> reached.or(share.reached(revision)));
              return reached.cardinality() < reader.shards()
                  ? Owners.<Void>away("Not every shard has let go of queue " + queue)
                  : Future.<Void>succeededFuture();
            })
        .recover(
            failure ->
                ticker.nanos() < until
                    ? vertx.timer(ASK_AGAIN.toMillis()).compose(_ -> letGo(queue, revision, until))
                    : QueueChanges.refuse(
                        Problem.shardAmbiguous(
                            "The settings of the queue are deleted, but its topics are not, as not"
                                + " every shard has let go of it: delete it again")));
  }

  private Future<QueueShare> here(String queue) {
    return owners.here(reader.queue(queue)).map(QueueShare::new);
  }
}
