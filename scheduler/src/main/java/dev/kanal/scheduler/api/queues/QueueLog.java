package dev.kanal.scheduler.api.queues;

import static dev.kanal.scheduler.api.door.CallThreads.await;

import dev.kanal.common.channel.KafkaReach;
import dev.kanal.common.channel.Position;
import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.Shards;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.queue.KnownQueues;
import dev.kanal.common.queue.QueueRecord;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import java.time.Duration;
import java.util.concurrent.CompletableFuture;
import org.apache.kafka.common.KafkaException;

/**
 * Appends changes of queues to the log of their home shards, and waits until they are in force; on
 * a call's own thread.
 */
final class QueueLog {
  private static final Duration PATIENCE = Duration.ofSeconds(5);

  private final Sink<ToShard> log;
  private final Shards shards;
  private final KafkaReach reach;
  private final KnownQueues known;

  QueueLog(Sink<ToShard> log, Shards shards, KafkaReach reach, KnownQueues known) {
    this.log = log;
    this.shards = shards;
    this.reach = reach;
    this.known = known;
  }

  /** Returns what is known of the queue once this node has read the change. */
  QueueRecord append(String queue, LogEntry entry) throws RefusedException {
    // The revision of a change is the log offset of its command, or greater.
    CompletableFuture<Boolean> seen = known.await(queue, send(queue, entry).offset(), PATIENCE);
    boolean read = await(reach.guard(seen).exceptionally(_ -> false), QueueLog::problem);
    QueueRecord said = known.of(queue);
    if (!read || said == null) {
      throw new RefusedException(
          Problem.shardAmbiguous(
              "The change stands in the log, but was not seen to be in force within " + PATIENCE));
    }
    return said;
  }

  /** Returns once the change stands in the log. */
  Position send(String queue, LogEntry entry) throws RefusedException {
    return await(log.send(new ToShard(shards.ofQueue(queue), entry)), QueueLog::problem);
  }

  /** What it means to the client that a step of a change has failed. */
  static Problem problem(Throwable failure) {
    return switch (failure) {
      case SendFailedException failed when failed.ambiguous() ->
          Problem.shardAmbiguous("Kafka has not acknowledged the change in time");
      case SendFailedException failed -> notChanged(failed);
      case KafkaException failed -> notChanged(failed);
      default -> Failures.noQueue(failure);
    };
  }

  private static Problem notChanged(Throwable failure) {
    return Problem.later(
        ErrorCode.KAFKA_UNAVAILABLE, "Nothing was changed. " + Problem.why(failure), 1);
  }
}
