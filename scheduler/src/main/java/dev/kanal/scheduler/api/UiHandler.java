package dev.kanal.scheduler.api;

import dev.kanal.common.config.UiConfig;
import io.vertx.core.Handler;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;

/** {@code GET /v1/ui}: what the dashboard goes by. */
final class UiHandler implements Handler<RoutingContext> {
  private final ApiParts parts;

  UiHandler(ApiParts parts) {
    this.parts = parts;
  }

  @Override
  public void handle(RoutingContext routing) {
    UiConfig ui = parts.ui();
    JsonObject json =
        new JsonObject()
            .put("mode", ui.mode().text())
            .put("version", version())
            .put("time", Times.format(parts.clock().instant()));
    if (!ui.traceUrl().isEmpty()) {
      json.put("traceUrl", ui.traceUrl());
    }
    Answers.sendJson(routing.request(), 200, json.toBuffer());
  }

  private static String version() {
    String version = UiHandler.class.getPackage().getImplementationVersion();
    return version == null ? "development" : version;
  }
}
