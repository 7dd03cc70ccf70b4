package dev.kanal.scheduler.api;

import dev.kanal.common.telemetry.Meters;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.util.List;
import java.util.Set;

/** The calls about queues, one by one and all together. */
final class QueueRoutes {
  private static final String QUEUE = "/v1/queues/{name}";

  private QueueRoutes() {}

  static List<Route> of(Vertx vertx, ApiParts parts, Forwarder forwarder, BodyReader bodies) {
    Owners owners = new Owners(vertx, parts.reader(), forwarder);
    QueueCounts counts = new QueueCounts(parts.reader(), owners);
    StatsWatch watch = new StatsWatch();
    LagSampler sampler = new LagSampler(counts::look, parts, watch);
    sampler.start(vertx, new Meters(parts.telemetry()));
    QueuesHandler queues =
        new QueuesHandler(parts, owners, counts, new QueuesHandler.Seen(sampler, watch));
    QueueChangeHandlers changes = new QueueChangeHandlers(vertx, parts, forwarder, bodies);
    StatsHandler stats = new StatsHandler(parts, counts, watch);
    return List.of(
        Route.get("/v1/stats", StatsHandler.QUERY, Answers.JSON, stats::now),
        Route.get("/v1/stats/series", SeriesQuery.NAMES, Answers.JSON, stats::series),
        Route.get("/v1/queues", Set.of(), Answers.JSON, queues::list),
        Route.get(QUEUE, Set.of(), Answers.JSON, queues::get),
        Route.get(
            QUEUE + "/series",
            SeriesQuery.NAMES,
            Answers.JSON,
            new SeriesHandler(vertx, parts, sampler)),
        Route.put(QUEUE, Answers.JSON, changes::put),
        Route.patch(QUEUE, changes::patch),
        Route.bare(HttpMethod.DELETE, QUEUE, changes::delete),
        Route.bare(HttpMethod.POST, QUEUE + "/pause", changes::pause),
        Route.bare(HttpMethod.POST, QUEUE + "/resume", changes::resume));
  }
}
