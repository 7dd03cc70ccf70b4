package dev.kanal.scheduler.api.operate;

import dev.kanal.common.config.UiConfig;
import dev.kanal.common.telemetry.Release;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.json.Times;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.time.InstantSource;

/** {@code GET /v1/ui}: what the dashboard goes by. */
final class UiHandler implements Handler<RoutingContext> {
  private final UiConfig ui;
  private final InstantSource clock;

  UiHandler(UiConfig ui, InstantSource clock) {
    this.ui = ui;
    this.clock = clock;
  }

  @Override
  public void handle(RoutingContext routing) {
    JsonObject json =
        new JsonObject()
            .put("mode", ui.mode().text())
            .put("version", Release.version())
            .put("time", Times.format(clock.instant()));
    if (!ui.traceUrl().isEmpty()) {
      json.put("traceUrl", ui.traceUrl());
    }
    Answers.sendJson(routing.request(), 200, json.toBuffer());
  }
}
