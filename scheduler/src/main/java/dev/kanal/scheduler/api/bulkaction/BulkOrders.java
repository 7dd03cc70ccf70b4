package dev.kanal.scheduler.api.bulkaction;

import dev.kanal.common.bulk.BulkOrder;
import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.StartBulk;
import dev.kanal.common.log.LogEntry.StopBulk;
import dev.kanal.common.log.LogEntry.StopPart;
import dev.kanal.common.log.ToShard;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.JobReader;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/** Appends the orders about many jobs, and their stops, to the log. Usable from any event loop. */
public final class BulkOrders {
  private final Vertx vertx;
  private final Sink<ToShard> log;
  private final JobReader reader;
  private final InstantSource clock;
  private final RandomGenerator random;

  public BulkOrders(
      Vertx vertx,
      Sink<ToShard> log,
      JobReader reader,
      InstantSource clock,
      RandomGenerator random) {
    this.vertx = vertx;
    this.log = log;
    this.reader = reader;
    this.clock = clock;
    this.random = random;
  }

  /** Gives the order, and answers with its handle. */
  void start(HttpServerRequest request, BulkOrder order) {
    int home = random.nextInt(reader.shards());
    JobId id = JobId.create(home, clock.instant(), random);
    send(request, new StartBulk(id, order), () -> accepted(request, id, order));
  }

  /** Stops an action in all shards; {@code then} is called once its home's log has the stop. */
  void stop(HttpServerRequest request, JobId id, Runnable then) {
    send(
        request,
        new StopBulk(id),
        () -> {
          tellOthers(id);
          then.run();
        });
  }

  /**
   * Tells every shard but the action's home, whose log has the stop. Without it they would stop as
   * well, once the home has come to it and has informed them; in busy shards that is twice as late.
   */
  private void tellOthers(JobId id) {
    for (int shard = 0; shard < reader.shards(); shard++) {
      if (shard != id.shard()) {
        var _ = log.send(new ToShard(shard, new StopPart(id)));
      }
    }
  }

  private static void accepted(HttpServerRequest request, JobId id, BulkOrder order) {
    request.response().putHeader("Location", "/v1/bulk-actions/" + id);
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
    Answers.sendJson(request, 202, handle.toBuffer());
  }

  private void send(HttpServerRequest request, LogEntry.BulkEntry entry, Runnable then) {
    Context loop = vertx.getOrCreateContext();
    var _ =
        log.send(new ToShard(entry.id().shard(), entry))
            .whenComplete(
                (_, failure) ->
                    loop.runOnContext(
                        _ -> {
                          if (failure == null) {
                            then.run();
                          } else {
                            Answers.problem(request, problem(failure, entry.id()));
                          }
                        }));
  }

  private static Problem problem(Throwable failure, JobId id) {
    Throwable cause = Failures.unwrap(failure);
    if (!(cause instanceof SendFailedException failed)) {
      return Failures.internal(cause);
    }
    return failed.ambiguous()
        ? Problem.later(
            ErrorCode.KAFKA_AMBIGUOUS,
            "Kafka has not acknowledged it in time: the bulk action may exist, with the id " + id,
            1)
        : Problem.later(ErrorCode.KAFKA_UNAVAILABLE, "It was not taken. " + Problem.why(failed), 1);
  }
}
