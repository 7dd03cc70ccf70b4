package dev.kanal.scheduler.api.bulkaction;

import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.BodyReader;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.queues.QueueDirectory;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Set;

/** The calls about many jobs at once; with what these work. */
public record BulkActionRoutes(
    Vertx vertx,
    CallThreads threads,
    QueueDirectory queues,
    AllOwners owners,
    BulkActionOrders orders,
    JobReader reader) {
  private static final String ALL = "/v1/bulk-actions";
  private static final String ONE = ALL + "/{id}";

  public List<Route> all() {
    BodyReader bodies = new BodyReader(vertx, BulkActionsHandler.BODY_MAX);
    var actions = new BulkActionsHandler(threads, queues, owners, orders, reader);
    return List.of(
        Route.post(ALL, Answers.JSON, routing -> actions.start(routing, bodies)),
        Route.get(ALL, ListBulkActionsHandler.QUERY, Answers.JSON, actions.list()),
        Route.get(ONE, Set.of(), Answers.JSON, actions::read),
        Route.bare(HttpMethod.POST, ONE + "/stop", actions::stop),
        Route.bare(HttpMethod.POST, "/v1/queues/{name}/purge", actions::purge),
        ListBulkActionsHandler.NodeBulkActions.QUESTION.answered(actions.list()::here),
        NodeBulkAction.QUESTION.answered(actions::here));
  }
}
