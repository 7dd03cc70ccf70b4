package dev.kanal.scheduler.api.bulkaction;

import dev.kanal.common.bulk.BulkOrder;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Priority;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.BodyReader;
import dev.kanal.scheduler.api.http.Loops;
import dev.kanal.scheduler.api.http.Paths;
import dev.kanal.scheduler.api.jobs.Commands;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.node.Owners;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.queues.QueueDirectory;
import io.vertx.core.Future;
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
  private final JobReader reader;
  private final QueueDirectory queues;
  private final Owners owners;
  private final BulkOrders orders;
  private final BodyReader bodies;
  private final ListBulkActionsHandler list;

  BulkActionsHandler(
      Vertx vertx, QueueDirectory queues, Owners owners, BulkOrders orders, JobReader reader) {
    this.vertx = vertx;
    this.reader = reader;
    this.queues = queues;
    this.owners = owners;
    this.orders = orders;
    this.bodies = new BodyReader(vertx, BODY_MAX);
    this.list = new ListBulkActionsHandler(reader, owners);
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
                orders.start(request, order);
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
        queues.ensure(queue, Priority.NORMAL),
        readiness -> {
          switch (readiness) {
            case UNKNOWN -> Answers.problem(request, Problem.unknownQueue(queue));
            case READY -> {
              if (queues.settings(queue).limited()) {
                Answers.problem(request, Problem.limitedQueue(queue));
              } else {
                list.everybodyKnowsIt()
                    .onSuccess(_ -> orders.start(request, order))
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
    } else {
      find(routing, id, action -> Answers.sendJson(request, 200, action.toBuffer()));
    }
  }

  /** What the shards here know of an action. */
  Future<BulkShare> here(RoutingContext routing) {
    JobId id = id(routing);
    return id == null ? Future.failedFuture(new RefusedException(missing(routing))) : here(id);
  }

  private Future<BulkShare> here(JobId id) {
    return owners.here(reader.bulk(id)).map(BulkShare::of);
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
            orders.stop(
                request,
                id,
                () -> find(routing, id, now -> Answers.sendJson(request, 202, now.toBuffer())));
          } else {
            Answers.sendJson(request, 200, action.toBuffer());
          }
        });
  }

  /** {@code POST /v1/queues/{name}/purge}: a bulk action. */
  void purge(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    String name = String.valueOf(routing.pathParam("name"));
    if (!JobSpec.QUEUE.matcher(name).matches()) {
      Answers.problem(request, Problem.noSuchQueue(Quoted.of(name)));
      return;
    }
    boolean said = queues.known().settings(name) != null;
    owners
        .here(queues.partitions(name))
        .onSuccess(
            partitions -> {
              if (said || partitions > 0) {
                orders.start(request, BulkOrder.purge(name));
              } else {
                Answers.problem(request, Problem.noSuchQueue(name));
              }
            })
        .onFailure(failure -> Answers.problem(request, Owners.problem(failure)));
  }

  private void find(RoutingContext routing, JobId id, Consumer<JsonObject> then) {
    HttpServerRequest request = routing.request();
    owners
        .ask(BulkShare.QUESTION, id.toString(), here(id))
        .onSuccess(
            shares -> {
              JsonObject action = BulkShare.sum(id, shares, reader.shards());
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
    return id == null || id.shard() >= reader.shards() ? null : id;
  }

  private static Problem missing(RoutingContext routing) {
    return Problem.of(
        ErrorCode.NOT_FOUND,
        "Expected the id of a bulk action, but there is none "
            + Quoted.of(String.valueOf(routing.pathParam("id"))));
  }
}
