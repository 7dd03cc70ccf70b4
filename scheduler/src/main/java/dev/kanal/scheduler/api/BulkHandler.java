package dev.kanal.scheduler.api;

import dev.kanal.common.config.LimitsConfig;
import dev.kanal.common.error.ErrorCode;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** {@code POST /v1/jobs/bulk}: takes a job a line, as many as come. */
final class BulkHandler implements Handler<RoutingContext> {
  static final String MEDIA_TYPE = "application/x-ndjson";

  private final Vertx vertx;
  private final ApiParts parts;
  private final JobParser parser;
  private final LimitsConfig limits;
  private final BulkBudget budget;

  BulkHandler(
      Vertx vertx, ApiParts parts, JobParser parser, LimitsConfig limits, BulkBudget budget) {
    this.vertx = vertx;
    this.budget = budget;
    this.parts = parts;
    this.parser = parser;
    this.limits = limits;
  }

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    Problem header = SubmitHandler.keyHeaderRefusal(request);
    if (header != null) {
      Answers.problem(request, header);
    } else if (!budget.enter()) {
      Answers.problem(
          request,
          Problem.later(
              ErrorCode.OVERLOADED,
              "Expected at most "
                  + BulkBudget.REQUESTS_MAX
                  + " bulk requests at once, but got more",
              1));
    } else {
      new BulkRun(vertx, request, new BulkRun.Parts(parts, parser, budget, limits.bulkLine()))
          .start();
    }
  }
}
