package dev.kanal.scheduler.api.operate;

import dev.kanal.common.channel.KafkaReach;
import dev.kanal.common.config.UiConfig;
import dev.kanal.common.telemetry.Telemetry;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.Quarantine;
import dev.kanal.scheduler.workers.WorkerDirectory;
import io.vertx.core.Vertx;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/** The calls of those who operate the system, and of their dashboard; with what these work. */
public record OperateRoutes(
    Vertx vertx,
    JobReader reader,
    AllOwners owners,
    Quarantine quarantine,
    WorkerDirectory workers,
    InstantSource clock,
    Telemetry telemetry,
    KafkaReach reach,
    KafkaAddress kafka,
    UiConfig ui) {

  public List<Route> all() {
    FailuresHandler failures = new FailuresHandler(reader, owners);
    HealthHandlers health = new HealthHandlers(reader, reach, kafka);
    List<Route> all = new ArrayList<>(new WorkersHandler(vertx, workers, clock).routes());
    all.addAll(
        List.of(
            Route.get("/v1/failures", FailuresHandler.QUERY, Answers.JSON, failures),
            NodeFailures.QUESTION.answered(failures::here),
            Route.get(
                "/v1/quarantine",
                QuarantineHandler.QUERY,
                Answers.JSON,
                new QuarantineHandler(quarantine)),
            Route.get("/v1/ui", Set.of(), Answers.JSON, new UiHandler(ui, clock)),
            Route.get("/livez", Set.of(), Answers.JSON, health::live),
            Route.get("/readyz", Set.of(), Answers.JSON, health::ready),
            Route.get(
                "/metrics",
                Set.of(),
                MetricsHandler.MEDIA_TYPE,
                new MetricsHandler(vertx, telemetry)),
            Route.get("/openapi.yaml", Set.of(), Contract.MEDIA_TYPE, new Contract()::handle)));
    return all;
  }
}
