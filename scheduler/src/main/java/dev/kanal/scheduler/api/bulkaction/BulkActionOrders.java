package dev.kanal.scheduler.api.bulkaction;

import static dev.kanal.scheduler.api.door.CallThreads.await;

import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.StartBulkAction;
import dev.kanal.common.log.LogEntry.StopBulkAction;
import dev.kanal.common.log.LogEntry.StopBulkActionPart;
import dev.kanal.common.log.ToShard;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.JobReader;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Appends the orders about many jobs, and their stops, to the log; on a call's own thread. */
public final class BulkActionOrders {
  private final Sink<ToShard> log;
  private final JobReader reader;
  private final InstantSource clock;
  private final RandomGenerator random;

  public BulkActionOrders(
      Sink<ToShard> log, JobReader reader, InstantSource clock, RandomGenerator random) {
    this.log = log;
    this.reader = reader;
    this.clock = clock;
    this.random = random;
  }

  /** Gives the order, and answers with its handle. */
  Answer start(BulkActionOrder order) throws RefusedException {
    int home = random.nextInt(reader.shards());
    JobId id = JobId.create(home, clock.instant(), random);
    append(new StartBulkAction(id, order));
    return accepted(id, order);
  }

  /** Stops an action in all shards; returns once its home's log has the stop. */
  void stop(JobId id) throws RefusedException {
    append(new StopBulkAction(id));
    stopOthers(id);
  }

  /**
   * Stops it in every shard but the action's home, whose log has the stop. Without it they would
   * stop as well, once the home has come to it and has informed them; in busy shards that is twice
   * as late.
   */
  private void stopOthers(JobId id) {
    for (int shard = 0; shard < reader.shards(); shard++) {
      if (shard != id.shard()) {
        var _ = log.send(new ToShard(shard, new StopBulkActionPart(id)));
      }
    }
  }

  private static Answer accepted(JobId id, BulkActionOrder order) {
    JsonObject handle =
        new JsonObject()
            .put("id", id.toString())
            .put("action", order.action().text())
            .put("dryRun", order.dryRun())
            .put("state", "running")
            .put("matched", 0)
            .put("done", 0)
            .put("skipped", 0)
            .put("failed", 0);
    if (order.queue() != null) {
      handle.put("queue", order.queue());
    }
    return Answer.json(202, handle.toBuffer()).with("Location", "/v1/bulk-actions/" + id);
  }

  private void append(LogEntry.BulkActionEntry entry) throws RefusedException {
    JobId id = entry.id();
    await(log.send(new ToShard(id.shard(), entry)), failure -> problem(failure, id));
  }

  private static Problem problem(Throwable failure, JobId id) {
    if (!(failure instanceof SendFailedException failed)) {
      return Failures.internal(failure);
    }
    return failed.ambiguous()
        ? Problem.later(
            ErrorCode.KAFKA_AMBIGUOUS,
            "Kafka has not acknowledged it in time: the bulk action may exist, with the id " + id,
            1)
        : Problem.later(ErrorCode.KAFKA_UNAVAILABLE, "It was not taken. " + Problem.why(failed), 1);
  }
}
