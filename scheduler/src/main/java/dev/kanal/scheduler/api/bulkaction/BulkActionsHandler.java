package dev.kanal.scheduler.api.bulkaction;

import static dev.kanal.scheduler.api.door.CallThreads.await;

import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Priority;
import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.BodyReader;
import dev.kanal.scheduler.api.http.Paths;
import dev.kanal.scheduler.api.jobs.Commands;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.queues.QueueDirectory;
import io.vertx.core.Future;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/** {@code /v1/bulk-actions}: orders about many jobs, how far they are, and their stop. */
final class BulkActionsHandler {
  /** What an order may take in JSON, in bytes. */
  static final int BODY_MAX = 512 * 1024;

  private final CallThreads threads;
  private final JobReader reader;
  private final QueueDirectory queues;
  private final AllOwners owners;
  private final BulkActionOrders orders;
  private final ListBulkActionsHandler list;

  BulkActionsHandler(
      CallThreads threads,
      QueueDirectory queues,
      AllOwners owners,
      BulkActionOrders orders,
      JobReader reader) {
    this.threads = threads;
    this.reader = reader;
    this.queues = queues;
    this.owners = owners;
    this.orders = orders;
    this.list = new ListBulkActionsHandler(reader, owners);
  }

  ListBulkActionsHandler list() {
    return list;
  }

  void start(RoutingContext routing, BodyReader bodies) {
    HttpServerRequest request = routing.request();
    bodies.read(request, body -> threads.run(request, () -> start(body)));
  }

  private Answer start(byte[] body) throws RefusedException {
    BulkActionOrder order = BulkActionParser.parse(body);
    if (order.queue() != null) {
      seeToQueue(order.queue());
    }
    return orders.start(order);
  }

  /** The queue is made ready as for a submit; no order is given that some scheduler cannot read. */
  private void seeToQueue(String queue) throws RefusedException {
    switch (await(queues.ensure(queue, Priority.NORMAL), Commands::problem)) {
      case UNKNOWN -> throw new RefusedException(Problem.unknownQueue(queue));
      case READY -> {
        if (queues.settings(queue).limited()) {
          throw new RefusedException(Problem.limitedQueue(queue));
        }
        await(list.everybodyKnowsIt(), AllOwners::problem);
      }
    }
  }

  /** How far an action is, in all shards. */
  void read(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    JobId id = id(routing);
    if (id == null) {
      Answers.problem(request, missing(routing));
    } else {
      find(id)
          .onSuccess(
              found ->
                  found.ifPresentOrElse(
                      action -> Answers.sendJson(request, 200, action.toBuffer()),
                      () -> Answers.problem(request, missing(routing))))
          .onFailure(failure -> Answers.problem(request, AllOwners.problem(failure)));
    }
  }

  /** What the shards here know of an action. */
  Future<NodeBulkAction> here(RoutingContext routing) {
    JobId id = id(routing);
    return id == null ? Future.failedFuture(new RefusedException(missing(routing))) : here(id);
  }

  private Future<NodeBulkAction> here(JobId id) {
    return owners.here(reader.bulk(id)).map(NodeBulkAction::of);
  }

  /** Leaves what has not been done yet; again does nothing. */
  void stop(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    JobId id = id(routing);
    Problem missing = missing(routing);
    if (id == null) {
      Answers.problem(request, missing);
    } else {
      threads.run(request, () -> stop(id, missing));
    }
  }

  private Answer stop(JobId id, Problem missing) throws RefusedException {
    JsonObject action = existing(id, missing);
    if (!action.getString("state").equals("running")) {
      return Answer.json(200, action.toBuffer());
    }
    orders.stop(id);
    return Answer.json(202, existing(id, missing).toBuffer());
  }

  private JsonObject existing(JobId id, Problem missing) throws RefusedException {
    return await(find(id), AllOwners::problem).orElseThrow(() -> new RefusedException(missing));
  }

  /** {@code POST /v1/queues/{name}/purge}: a bulk action. */
  void purge(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    String name = String.valueOf(routing.pathParam("name"));
    if (JobSpec.QUEUE.matcher(name).matches()) {
      threads.run(request, () -> purge(name));
    } else {
      Answers.problem(request, Problem.noSuchQueue(Quoted.of(name)));
    }
  }

  private Answer purge(String queue) throws RefusedException {
    boolean said = queues.known().settings(queue) != null;
    int partitions = await(owners.here(queues.partitions(queue)), AllOwners::problem);
    return said || partitions > 0
        ? orders.start(BulkActionOrder.purge(queue))
        : Answer.problem(Problem.noSuchQueue(queue));
  }

  /** The action in all shards; empty if there is none. */
  private Future<Optional<JsonObject>> find(JobId id) {
    return owners
        .ask(NodeBulkAction.QUESTION, id.toString(), here(id))
        .map(answers -> Optional.ofNullable(NodeBulkAction.sum(id, answers, reader.shards())));
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
