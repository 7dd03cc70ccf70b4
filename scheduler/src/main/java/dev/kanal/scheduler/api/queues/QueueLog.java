package dev.kanal.scheduler.api.queues;

import dev.kanal.common.channel.KafkaReach;
import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.Shards;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.queue.KnownQueues;
import dev.kanal.common.queue.QueueRecord;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.JobReader;
import io.vertx.core.Future;
import io.vertx.core.Vertx;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;

/**
 * Appends changes of queues to the log of their home shards, and waits until they are in force.
 * Futures fail with a {@link RefusedException}.
 */
final class QueueLog {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Vertx vertx;
  private final Sink<ToShard> log;
  private final JobReader reader;
  private final KafkaReach reach;
  private final KnownQueues known;

  QueueLog(Vertx vertx, Sink<ToShard> log, JobReader reader, KafkaReach reach, KnownQueues known) {
    this.vertx = vertx;
    this.log = log;
    this.reader = reader;
    this.reach = reach;
    this.known = known;
  }

  /** Completes with what is known of the queue once this node has read the change. */
  Future<QueueRecord> append(String queue, LogEntry entry) {
    return send(queue, entry).compose(position -> readBack(queue, position));
  }

  /** Completes once the change stands in the log. */
  Future<Position> send(String queue, LogEntry entry) {
    int home = new Shards(reader.shards()).ofQueue(queue);
    return QueueChanges.here(vertx, log.send(new ToShard(home, entry)));
  }

  /** The revision of a change is the log offset of its command, or greater. */
  private Future<QueueRecord> readBack(String queue, Position position) {
    CompletableFuture<Boolean> seen = known.await(queue, position.offset(), PATIENCE);
    return QueueChanges.here(vertx, reach.guard(seen).exceptionally(_ -> false))
        .compose(
            read -> {
              QueueRecord said = known.of(queue);
              return read && said != null
                  ? Future.succeededFuture(said)
                  : QueueChanges.refuse(
                      Problem.shardAmbiguous(
                          "The change stands in the log, but was not seen to be in force within "
                              + PATIENCE));
            });
  }
}
