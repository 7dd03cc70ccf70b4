package dev.kanal.scheduler.api.queues;

import dev.kanal.common.channel.KafkaReach;
import dev.kanal.common.channel.Sink;
import dev.kanal.common.clock.Ticker;
import dev.kanal.common.log.Shards;
import dev.kanal.common.log.ToShard;
import dev.kanal.common.queue.KnownQueues;
import dev.kanal.common.telemetry.Meters;
import dev.kanal.common.worker.KnownWorkers;
import dev.kanal.scheduler.api.counts.LagSampler;
import dev.kanal.scheduler.api.counts.NodeQueue;
import dev.kanal.scheduler.api.counts.NodeStats;
import dev.kanal.scheduler.api.counts.QueueCounts;
import dev.kanal.scheduler.api.counts.ShardCounts;
import dev.kanal.scheduler.api.counts.ShardUses;
import dev.kanal.scheduler.api.counts.StatsWatch;
import dev.kanal.scheduler.api.door.CallThreads;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.BodyReader;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.NodeClient;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.queues.QueueDirectory;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The calls about queues, one by one and all together; with what these work. */
public record QueueRoutes(
    Vertx vertx,
    CallThreads threads,
    JobReader reader,
    QueueDirectory queues,
    KnownWorkers workers,
    Sink<ToShard> log,
    KafkaReach reach,
    InstantSource clock,
    Ticker ticker,
    Meters meters,
    NodeClient forwarder,
    AllOwners owners,
    BodyReader bodies) {
  private static final String QUEUE = "/v1/queues/{name}";

  /** Begins to look at the queues, too, once a second. */
  public List<Route> all() {
    QueueCounts counts = new QueueCounts(reader, owners);
    StatsWatch watch = new StatsWatch();
    LagSampler sampler = new LagSampler(counts::look, queues, workers, clock, watch);
    sampler.start(vertx, meters);
    List<Route> all =
        new ArrayList<>(looks(counts, new QueuesHandler.Seen(sampler, watch, workers)));
    all.addAll(changes());
    all.addAll(questions(counts));
    return all;
  }

  private List<Route> looks(QueueCounts counts, QueuesHandler.Seen seen) {
    QueuesHandler list = new QueuesHandler(queues, owners, counts, seen, clock);
    StatsHandler stats = new StatsHandler(reader, queues, counts, seen, clock);
    ScalingHandler scaling = new ScalingHandler(queues, workers, owners, counts, clock);
    SeriesHandler series = new SeriesHandler(queues, clock, seen.sampler());
    return List.of(
        Route.get("/v1/stats", StatsHandler.QUERY, Answers.JSON, stats::now),
        Route.get("/v1/stats/series", SeriesQuery.NAMES, Answers.JSON, stats::series),
        Route.get("/v1/queues", Set.of(), Answers.JSON, list::list),
        Route.get(QUEUE, Set.of(), Answers.JSON, list::get),
        Route.get(QUEUE + "/series", SeriesQuery.NAMES, Answers.JSON, series),
        Route.get("/v1/scaling/{queue}", Set.of(), Answers.JSON, scaling::get));
  }

  /** What other nodes ask. */
  private List<Route> questions(QueueCounts counts) {
    return List.of(
        NodeStats.QUESTION.answered(_ -> counts.hereWithRuns()),
        ShardCounts.QUESTION.answered(_ -> counts.here()),
        ShardUses.QUESTION.answered(_ -> owners.here(reader.use())),
        NodeQueue.QUESTION.answered(
            routing ->
                owners
                    .here(reader.queue(String.valueOf(routing.pathParam("name"))))
                    .map(NodeQueue::new)));
  }

  private List<Route> changes() {
    KnownQueues known = queues.known();
    QueueLog changeLog = new QueueLog(log, new Shards(reader.shards()), reach, known);
    QueueShards shards = new QueueShards(threads, reader, owners, ticker);
    QueueChanges queueChanges = new QueueChanges(threads, queues, changeLog, shards);
    QueueChangeHandlers changes =
        new QueueChangeHandlers(threads, queueChanges, known, reader, forwarder);
    return List.of(
        Route.put(QUEUE, Answers.JSON, routing -> changes.put(routing, bodies)),
        Route.patch(QUEUE, routing -> changes.patch(routing, bodies)),
        Route.bare(HttpMethod.DELETE, QUEUE, changes::delete),
        Route.bare(HttpMethod.POST, QUEUE + "/pause", changes::pause),
        Route.bare(HttpMethod.POST, QUEUE + "/resume", changes::resume));
  }
}
