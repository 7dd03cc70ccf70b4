package dev.kanal.scheduler.api;

import dev.kanal.common.channel.SendFailedException;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.BulkOrder;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.Priority;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.StartBulk;
import dev.kanal.common.log.LogEntry.StopBulk;
import dev.kanal.common.log.LogEntry.StopPart;
import dev.kanal.common.log.ToShard;
import io.vertx.core.Context;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** {@code /v1/bulk-actions}: orders about many jobs, how far they are, and their stop. */
final class BulkActionsHandler {
  /** What an order may take in JSON, in bytes. */
  static final int BODY_MAX = 512 * 1024;

  private final Vertx vertx;
  private final ApiParts parts;
  private final Owners owners;
  private final BodyReader bodies;
  private final ListBulkActionsHandler list;

  BulkActionsHandler(Vertx vertx, ApiParts parts, Owners owners) {
    this.vertx = vertx;
    this.parts = parts;
    this.owners = owners;
    this.bodies = new BodyReader(vertx, BODY_MAX);
    this.list = new ListBulkActionsHandler(parts.reader(), owners);
  }

  ListBulkActionsHandler list() {
    return list;
  }

  void start(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    bodies.read(
        request,
        body -> {
          switch (BulkDraft.parse(body)) {
            case BulkDraft.Parsed.Refused(Problem problem) -> Answers.problem(request, problem);
            case BulkDraft.Parsed.Order(BulkOrder order) -> {
              if (order.queue() == null) {
                start(request, order);
              } else {
                seeToQueue(request, order, order.queue());
              }
            }
          }
        });
  }

  /** The queue is made ready as for a submit; no order is given that some scheduler cannot read. */
  private void seeToQueue(HttpServerRequest request, BulkOrder order, String queue) {
    Loops.then(
        vertx,
        parts.queues().ensure(queue, Priority.NORMAL),
        readiness -> {
          switch (readiness) {
            case UNKNOWN -> Answers.problem(request, Problem.unknownQueue(queue));
            case READY -> {
              if (parts.queues().settings(queue).limited()) {
                Answers.problem(request, Problem.limitedQueue(queue));
              } else {
                list.everybodyKnowsIt()
                    .onSuccess(_ -> start(request, order))
                    .onFailure(failure -> Answers.problem(request, Owners.problem(failure)));
              }
            }
          }
        },
        failure -> Answers.problem(request, Commands.problem(failure)));
  }

  /** How far an action is, in all shards. */
  void read(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    JobId id = id(routing);
    if (id == null) {
      Answers.problem(request, missing(routing));
    } else if (NodeHeaders.isForwarded(request)) {
      owners
          .here(parts.reader().bulk(id))
          .map(view -> BulkShare.of(view).write())
          .onSuccess(body -> Answers.sendJson(request, 200, body))
          .onFailure(failure -> Answers.problem(request, Owners.problem(failure)));
    } else {
      find(routing, id, action -> Answers.sendJson(request, 200, action.toBuffer()));
    }
  }

  /** Leaves what has not been done yet; again does nothing. */
  void stop(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    JobId id = id(routing);
    if (id == null) {
      Answers.problem(request, missing(routing));
      return;
    }
    find(
        routing,
        id,
        action -> {
          if (action.getString("state").equals("running")) {
            send(
                request,
                new StopBulk(id),
                () -> {
                  tellOthers(id);
                  find(routing, id, now -> Answers.sendJson(request, 202, now.toBuffer()));
                });
          } else {
            Answers.sendJson(request, 200, action.toBuffer());
          }
        });
  }

  /** Gives the order, and answers with its handle. */
  void start(HttpServerRequest request, BulkOrder order) {
    int home = parts.random().nextInt(parts.reader().shards());
    JobId id = JobId.create(home, parts.clock().instant(), parts.random());
    send(request, new StartBulk(id, order), () -> accepted(request, id, order));
  }

  /**
   * Tells every shard but the action's home, whose log has the stop. Without it they would stop as
   * well, once the home has come to it and has told them; in busy shards that is twice as late.
   */
  private void tellOthers(JobId id) {
    for (int shard = 0; shard < parts.reader().shards(); shard++) {
      if (shard != id.shard()) {
        var _ = parts.log().send(new ToShard(shard, new StopPart(id)));
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
        parts
            .log()
            .send(new ToShard(entry.id().shard(), entry))
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

  private void find(RoutingContext routing, JobId id, Consumer<JsonObject> then) {
    HttpServerRequest request = routing.request();
    owners
        .ask(
            owners.here(parts.reader().bulk(id)).map(BulkShare::of),
            "/v1/bulk-actions/" + id,
            BulkShare::read)
        .onSuccess(
            shares -> {
              JsonObject action = BulkShare.sum(id, shares, parts.reader().shards());
              if (action == null) {
                Answers.problem(request, missing(routing));
              } else {
                then.accept(action);
              }
            })
        .onFailure(failure -> Answers.problem(request, Owners.problem(failure)));
  }

  private @Nullable JobId id(RoutingContext routing) {
    JobId id = Paths.id(String.valueOf(routing.pathParam("id")));
    return id == null || id.shard() >= parts.reader().shards() ? null : id;
  }

  private static Problem missing(RoutingContext routing) {
    return Problem.of(
        ErrorCode.NOT_FOUND,
        "Expected the id of a bulk action, but there is none "
            + Quoted.of(String.valueOf(routing.pathParam("id"))));
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
