package dev.kanal.scheduler.api.door;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Refuses writes that come of a page in a browser. A browser marks them by itself, and no script
 * can take the marks away: every write has an {@code Origin}, and most have a {@code
 * Sec-Fetch-Site}.
 */
public final class ReadOnlyFilter implements Handler<RoutingContext> {
  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!OriginCheck.READS.contains(request.method()) && isOfPage(request)) {
      Answers.problem(
          request,
          Problem.of(
              ErrorCode.READ_ONLY, "Expected to be asked only, as ui is read-only on this server"));
    } else {
      context.next();
    }
  }

  private static boolean isOfPage(HttpServerRequest request) {
    String site = request.getHeader("Sec-Fetch-Site");
    return request.getHeader("Origin") != null || (site != null && !site.equals("none"));
  }
}
