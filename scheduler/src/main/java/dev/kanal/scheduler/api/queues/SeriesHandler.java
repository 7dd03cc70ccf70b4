package dev.kanal.scheduler.api.queues;

import dev.kanal.common.job.JobSpec;
import dev.kanal.scheduler.api.counts.LagSampler;
import dev.kanal.scheduler.api.counts.LagSeries;
import dev.kanal.scheduler.api.counts.LagSeries.Point;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Later;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.queues.QueueDirectory;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;

/**
 * {@code GET /v1/queues/{name}/series}: a queue's lag over time, column by column, as this node has
 * seen it; it begins when the node did.
 */
final class SeriesHandler implements Handler<RoutingContext> {
  private final QueueDirectory queues;
  private final InstantSource clock;
  private final LagSampler sampler;

  SeriesHandler(QueueDirectory queues, InstantSource clock, LagSampler sampler) {
    this.queues = queues;
    this.clock = clock;
    this.sampler = sampler;
  }

  @Override
  public void handle(RoutingContext routing) {
    String queue = String.valueOf(routing.pathParam("name"));
    SeriesQuery query = SeriesQuery.of(routing.request());
    if (query == null) {
      return;
    }
    if (!JobSpec.QUEUE.matcher(queue).matches()) {
      Answers.problem(routing.request(), Problem.noSuchQueue(Quoted.of(queue)));
      return;
    }
    long from = clock.millis() - query.last().toMillis();
    LagSeries series = sampler.of(queue);
    if (series == null) {
      answerWithout(routing.request(), queue, query);
    } else {
      Answers.sendJson(
          routing.request(), 200, write(queue, query, series.since(from, query.fine())));
    }
  }

  /** A queue of which nothing has been seen yet, if there is such a queue. */
  private void answerWithout(HttpServerRequest request, String queue, SeriesQuery query) {
    Answers.when(
        request,
        Later.refusing(queues.partitions(queue), AllOwners::problem)
            .map(
                partitions ->
                    partitions == 0 && queues.known().settings(queue) == null
                        ? Answer.problem(Problem.noSuchQueue(queue))
                        : Answer.json(200, write(queue, query, List.of()))));
  }

  private static Buffer write(String queue, SeriesQuery query, List<Point> points) {
    return Json.write(
        256 + points.size() * 48,
        (out, _) -> {
          out.writeStartObject();
          out.writeStringField("queue", queue);
          query.writeTimes(out, points, Point::atMs);
          SeriesQuery.writeColumn(out, "lag", points, Point::lag);
          SeriesQuery.writeColumn(out, "inFlight", points, Point::inFlight);
          SeriesQuery.writeColumn(out, "oldestAgeSeconds", points, Point::ageSeconds);
          SeriesQuery.writeColumn(out, "arrivalRate", points, Point::arrivalRate);
          SeriesQuery.writeColumn(out, "drainRate", points, Point::drainRate);
          out.writeEndObject();
        });
  }
}
