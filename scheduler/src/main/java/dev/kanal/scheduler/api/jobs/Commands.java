package dev.kanal.scheduler.api.jobs;

import dev.kanal.common.channel.KafkaReach;
import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.ToShard;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.UnavailableException;
import java.util.concurrent.CompletableFuture;

/**
 * Has shards of this node do something: appends it to the log and waits until the shard has come
 * that far. What became of it is read from the state after that. Usable from any thread.
 */
public final class Commands {
  private final Sink<ToShard> log;
  private final JobReader reader;
  private final KafkaReach reach;

  public Commands(Sink<ToShard> log, JobReader reader, KafkaReach reach) {
    this.log = log;
    this.reader = reader;
    this.reach = reach;
  }

  /** Completes with the offset of {@code entry} once the shard has applied it. */
  public CompletableFuture<Long> apply(int shard, LogEntry entry) {
    return log.send(new ToShard(shard, entry))
        .thenCompose(position -> reached(shard, position.offset()));
  }

  /** No shard gets anywhere while Kafka is away: nobody waits for it then. */
  private CompletableFuture<Long> reached(int shard, long offset) {
    return reach
        .guard(reader.reached(shard, offset).thenApply(_ -> offset))
        .exceptionallyCompose(
            failure ->
                CompletableFuture.failedFuture(
                    Failures.unwrap(failure) instanceof SendFailedException away
                        ? new UnavailableException(Problem.why(away))
                        : failure));
  }

  /** What it means to the client that {@link #apply}, or reading after it, has failed. */
  public static Problem problem(Throwable failure) {
    Throwable cause = Failures.unwrap(failure);
    if (cause instanceof UnavailableException away) {
      return late(String.valueOf(away.getMessage()));
    }
    if (!(cause instanceof SendFailedException failed)) {
      return Failures.internal(cause);
    }
    return failed.ambiguous()
        ? Problem.shardAmbiguous("Kafka has not acknowledged it in time: it may have been done")
        : Problem.later(ErrorCode.KAFKA_UNAVAILABLE, "Nothing was done. " + Problem.why(failed), 1);
  }

  /** What was appended will be done, but nobody knows yet what comes of it. */
  public static Problem late(String why) {
    return Problem.shardAmbiguous("It was taken and will be done, but " + why);
  }
}
