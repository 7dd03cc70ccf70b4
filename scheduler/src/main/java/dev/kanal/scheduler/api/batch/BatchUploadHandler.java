package dev.kanal.scheduler.api.batch;

import dev.kanal.scheduler.api.door.ClientPlaces;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.KeyHeader;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/** {@code POST /v1/jobs/bulk}: takes a job a line, as many as come. */
public final class BatchUploadHandler implements Handler<RoutingContext> {
  static final String MEDIA_TYPE = "application/x-ndjson";

  private final BatchContext with;

  BatchUploadHandler(BatchContext with) {
    this.with = with;
  }

  public static Route route(BatchContext with) {
    return Route.post("/v1/jobs/bulk", MEDIA_TYPE, new BatchUploadHandler(with));
  }

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    Problem header = KeyHeader.refusal(request.headers());
    if (header != null) {
      Answers.problem(request, header);
    } else if (!with.budget().enter(ClientPlaces.client(request))) {
      Answers.problem(request, with.budget().full());
    } else {
      new BatchUpload(request, with).start();
    }
  }
}
