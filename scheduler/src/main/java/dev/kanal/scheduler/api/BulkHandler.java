package dev.kanal.scheduler.api;

import dev.kanal.common.config.LimitsConfig;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** {@code POST /v1/jobs/bulk}: takes a job a line, as many as come. */
final class BulkHandler implements Handler<RoutingContext> {
  static final String MEDIA_TYPE = "application/x-ndjson";

  private final SubmitHandler.Parts submits;
  private final Forwarder forwarder;
  private final JobParser parser;
  private final LimitsConfig limits;
  private final BulkBudget budget;

  BulkHandler(
      SubmitHandler.Parts submits,
      Forwarder forwarder,
      JobParser parser,
      LimitsConfig limits,
      BulkBudget budget) {
    this.submits = submits;
    this.forwarder = forwarder;
    this.budget = budget;
    this.parser = parser;
    this.limits = limits;
  }

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    Problem header = KeyHeader.refusal(request.headers());
    if (header != null) {
      Answers.problem(request, header);
    } else if (!budget.enter(ClientPlaces.client(request))) {
      Answers.problem(request, budget.full());
    } else {
      new BulkRun(request, new BulkRun.Parts(submits, forwarder, parser, budget, limits.bulkLine()))
          .start();
    }
  }
}
