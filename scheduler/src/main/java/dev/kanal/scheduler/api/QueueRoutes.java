package dev.kanal.scheduler.api;

import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Set;

/** The calls about queues. */
final class QueueRoutes {
  private static final String QUEUE = "/v1/queues/{name}";

  private QueueRoutes() {}

  static List<Route> of(
      Vertx vertx,
      ApiParts parts,
      Forwarder forwarder,
      BodyReader bodies,
      BulkActionsHandler bulk) {
    QueuesHandler queues = new QueuesHandler(vertx, parts, forwarder);
    QueueChangeHandlers changes = new QueueChangeHandlers(vertx, parts, forwarder, bodies);
    return List.of(
        Route.get("/v1/queues", Set.of(), Answers.JSON, queues::list),
        Route.get(QUEUE, Set.of(), Answers.JSON, queues::get),
        Route.put(QUEUE, Answers.JSON, changes::put),
        Route.bare(HttpMethod.DELETE, QUEUE, changes::delete),
        Route.bare(HttpMethod.POST, QUEUE + "/pause", changes::pause),
        Route.bare(HttpMethod.POST, QUEUE + "/resume", changes::resume),
        Route.bare(HttpMethod.POST, QUEUE + "/purge", routing -> queues.purge(routing, bulk)));
  }
}
