package dev.kanal.scheduler.api.operate;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.common.worker.WorkerReport;
import dev.kanal.common.worker.WorkerReportJson;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.workers.WorkerDirectory;
import io.vertx.core.Vertx;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;
import java.util.List;
import java.util.Optional;
import java.util.Set;

/** {@code /v1/workers}: who works, at what, and {@code drain}. Every node knows all of them. */
final class WorkersHandler {
  private static final String WORKER = "/v1/workers/{id}";

  private final Vertx vertx;
  private final WorkerDirectory workers;
  private final InstantSource clock;

  WorkersHandler(Vertx vertx, WorkerDirectory workers, InstantSource clock) {
    this.vertx = vertx;
    this.workers = workers;
    this.clock = clock;
  }

  List<Route> routes() {
    return List.of(
        Route.get("/v1/workers", Set.of(), Answers.JSON, this::list),
        Route.get(WORKER, Set.of(), Answers.JSON, this::get),
        Route.bare(HttpMethod.POST, WORKER + "/drain", this::drain));
  }

  private void list(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    if (!isKnown(request)) {
      return;
    }
    List<WorkerReport> live = workers.known().live();
    Answers.sendJson(
        request,
        200,
        Json.write(
            1_024,
            (out, _) -> {
              out.writeStartObject();
              out.writeArrayFieldStart("items");
              for (WorkerReport each : live) {
                WorkerReportJson.write(out, each, clock.instant());
              }
              out.writeEndArray();
              out.writeNullField("nextCursor");
              out.writeEndObject();
            }));
  }

  private void get(RoutingContext routing) {
    find(routing).ifPresent(found -> Answers.sendJson(routing.request(), 200, write(found)));
  }

  private void drain(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    find(routing)
        .ifPresent(
            found -> {
              var loop = vertx.getOrCreateContext();
              var _ =
                  workers
                      .drain(found.worker())
                      .whenComplete(
                          (_, failure) ->
                              loop.runOnContext(_ -> drained(request, found, failure == null)));
            });
  }

  private void drained(HttpServerRequest request, WorkerReport worker, boolean sent) {
    if (sent) {
      Answers.sendJson(request, 202, write(worker));
    } else {
      Answers.problem(
          request,
          Problem.later(
              ErrorCode.KAFKA_UNAVAILABLE, "Kafka has not taken the word for the worker", 1));
    }
  }

  private Optional<WorkerReport> find(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    if (!isKnown(request)) {
      return Optional.empty();
    }
    String id = String.valueOf(routing.pathParam("id"));
    Optional<WorkerReport> found = workers.known().of(id);
    if (found.isEmpty()) {
      Answers.problem(
          request,
          Problem.of(
              ErrorCode.NOT_FOUND,
              "Expected the id of a live worker, but there is no worker " + Quoted.of(id)));
    }
    return found;
  }

  /** Says nothing rather than too little. */
  private boolean isKnown(HttpServerRequest request) {
    boolean complete = workers.known().isComplete();
    if (!complete) {
      Answers.problem(
          request, Problem.shardUnavailable("This node has not read yet which workers there are"));
    }
    return complete;
  }

  private Buffer write(WorkerReport report) {
    return Json.write(1_024, (out, _) -> WorkerReportJson.write(out, report, clock.instant()));
  }
}
