package dev.kanal.scheduler.api;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.config.Durations;
import dev.kanal.scheduler.api.LagSeries.Point;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.io.IOException;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import java.util.function.ToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * {@code GET /v1/queues/{name}/series}: a queue's lag over time, column by column, as this node has
 * seen it; it begins when the node did.
 */
final class SeriesHandler implements Handler<RoutingContext> {
  static final Set<String> QUERY = Set.of("step", "last");

  private static final String FINE = "1s";
  private static final String COARSE = "10s";
  private static final Duration FINE_MOST = Duration.ofSeconds(LagSeries.FINE);
  private static final Duration COARSE_MOST =
      Duration.ofSeconds((long) LagSeries.COARSE * LagSeries.COARSE_SECONDS);

  private final Vertx vertx;
  private final ApiParts parts;
  private final LagSampler sampler;

  SeriesHandler(Vertx vertx, ApiParts parts, LagSampler sampler) {
    this.vertx = vertx;
    this.parts = parts;
    this.sampler = sampler;
  }

  @Override
  public void handle(RoutingContext routing) {
    String queue = String.valueOf(routing.pathParam("name"));
    String step = routing.request().getParam("step", FINE);
    if (!step.equals(FINE) && !step.equals(COARSE)) {
      Answers.problem(
          routing.request(),
          Problem.malformedQuery("Expected 1s or 10s as step, but got " + FieldReader.quote(step)));
      return;
    }
    boolean fine = step.equals(FINE);
    Duration most = fine ? FINE_MOST : COARSE_MOST;
    Duration last = last(routing.request().getParam("last"), most);
    if (last == null) {
      Answers.problem(
          routing.request(),
          Problem.malformedQuery("Expected a duration from PT1S to " + most + " as last"));
      return;
    }
    long from = parts.clock().millis() - last.toMillis();
    LagSeries series = sampler.of(queue);
    if (series == null) {
      answerWithout(routing.request(), queue, step);
    } else {
      Answers.sendJson(routing.request(), 200, write(queue, step, series.since(from, fine)));
    }
  }

  /** A queue of which nothing has been seen yet, if there is such a queue. */
  private void answerWithout(HttpServerRequest request, String queue, String step) {
    Loops.then(
        vertx,
        parts.queues().partitions(queue),
        partitions -> {
          if (partitions == 0 && parts.queues().known().settings(queue) == null) {
            Answers.problem(request, Problem.noSuchQueue(FieldReader.quote(queue)));
          } else {
            Answers.sendJson(request, 200, write(queue, step, List.of()));
          }
        },
        failure -> Answers.problem(request, Owners.problem(failure)));
  }

  private static @Nullable Duration last(@Nullable String text, Duration most) {
    if (text == null) {
      return most;
    }
    try {
      Duration last = Durations.parse(text);
      return last.compareTo(Duration.ofSeconds(1)) < 0 || last.compareTo(most) > 0 ? null : last;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }

  private static Buffer write(String queue, String step, List<Point> points) {
    return Json.write(
        256 + points.size() * 48,
        (out, _) -> {
          out.writeStartObject();
          out.writeStringField("queue", queue);
          out.writeStringField("step", step);
          out.writeArrayFieldStart("times");
          for (Point point : points) {
            out.writeNumber(point.atMs() / 1_000.0);
          }
          out.writeEndArray();
          column(out, "lag", points, point -> (double) point.lag());
          column(out, "inFlight", points, point -> (double) point.inFlight());
          column(out, "oldestAgeSeconds", points, Point::ageSeconds);
          column(out, "arrivalRate", points, Point::arrivalRate);
          column(out, "drainRate", points, Point::drainRate);
          out.writeEndObject();
        });
  }

  private static void column(
      JsonGenerator out, String name, List<Point> points, ToDoubleFunction<Point> value)
      throws IOException {
    out.writeArrayFieldStart(name);
    for (Point point : points) {
      double number = Math.round(value.applyAsDouble(point) * 1_000) / 1_000.0;
      if (number == Math.rint(number)) {
        out.writeNumber((long) number);
      } else {
        out.writeNumber(number);
      }
    }
    out.writeEndArray();
  }
}
