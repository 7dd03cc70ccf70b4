package dev.kanal.scheduler.api.door;

import dev.kanal.common.door.Places;
import dev.kanal.common.error.ErrorCode;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Preferences;
import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;

/**
 * Gives each call that waits for something of jobs a place until it is answered. Without one, a
 * read is refused, and of another call the preference to wait is ignored, as of any preference.
 */
public final class WaitFilter implements Handler<RoutingContext> {
  private final Places places;

  public WaitFilter(Places places) {
    this.places = places;
  }

  @Override
  public void handle(RoutingContext context) {
    HttpServerRequest request = context.request();
    if (!waits(request)) {
      context.next();
      return;
    }
    String client = ClientPlaces.client(request);
    if (places.enter(client)) {
      context.addEndHandler(_ -> places.leave(client));
      context.next();
    } else if (request.method().equals(HttpMethod.GET)) {
      Answers.problem(
          request,
          Problem.later(
              ErrorCode.OVERLOADED,
              "Expected at most "
                  + ClientPlaces.limits(places, "calls that wait")
                  + ", but got more",
              1));
    } else {
      request.headers().remove("Prefer");
      context.next();
    }
  }

  private static boolean waits(HttpServerRequest request) {
    String query = request.query();
    return (query != null && query.contains("wait="))
        || Preferences.wait(request.headers()).orElse(0) > 0;
  }
}
