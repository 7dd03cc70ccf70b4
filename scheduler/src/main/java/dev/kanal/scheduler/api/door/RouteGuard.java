package dev.kanal.scheduler.api.door;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Conditions;
import dev.kanal.scheduler.api.http.MediaTypes;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/** Checks what can be checked before a route's own code runs: query, media types, Accept. */
final class RouteGuard implements Handler<RoutingContext> {
  /** Query parameters that may come more than once. */
  private static final Set<String> REPEATABLE = Set.of("state", "tag", "find");

  private final Route route;

  RouteGuard(Route route) {
    this.route = route;
  }

  @Override
  public void handle(RoutingContext context) {
    CallTracer.routed(context, route);
    Problem refusal = refusal(context);
    if (refusal == null) {
      context.next();
    } else {
      if (refusal.code() == ErrorCode.UNSUPPORTED_MEDIA_TYPE
          && route.method().equals(HttpMethod.PATCH)) {
        context.response().putHeader("Accept-Patch", String.valueOf(route.consumes()));
      }
      Answers.problem(context.request(), refusal);
    }
  }

  private @Nullable Problem refusal(RoutingContext context) {
    HttpServerRequest request = context.request();
    Problem query = queryRefusal(context);
    if (query != null) {
      return query;
    }
    String consumes = route.consumes();
    if (consumes != null) {
      String type = request.getHeader("Content-Type");
      boolean absent = type == null && hasNoBody(request);
      if (!absent && (type == null || !MediaTypes.is(type, consumes))) {
        return Problem.of(
            ErrorCode.UNSUPPORTED_MEDIA_TYPE,
            "Expected Content-Type " + consumes + " in UTF-8, but got " + shown(type));
      }
      String encoding = request.getHeader("Content-Encoding");
      if (encoding != null && !encoding.equalsIgnoreCase("identity")) {
        return Problem.of(
            ErrorCode.UNSUPPORTED_MEDIA_TYPE, "Expected a body without Content-Encoding");
      }
    }
    String accept = String.join(",", request.headers().getAll("Accept"));
    if (route.mediaTypes().noneMatch(type -> MediaTypes.isAcceptable(accept, type))) {
      return Problem.of(
          ErrorCode.NOT_ACCEPTABLE,
          "Expected to answer in " + route.produces() + ", but Accept excludes it");
    }
    return OriginCheck.READS.contains(route.method()) ? null : Conditions.of(request).refusal();
  }

  private @Nullable Problem queryRefusal(RoutingContext context) {
    for (String name : context.queryParams().names()) {
      if (!route.query().contains(name)) {
        String known =
            route.query().isEmpty()
                ? "no query parameters"
                : "the query parameters " + String.join(", ", new TreeSet<>(route.query()));
        return Problem.malformedQuery("Expected " + known + ", but got " + Quoted.of(name));
      }
      if (context.queryParam(name).size() > 1 && !REPEATABLE.contains(name)) {
        return Problem.malformedQuery(
            "Expected " + name + " once, but got it " + context.queryParam(name).size() + " times");
      }
    }
    return null;
  }

  /** What is not there needs no media type; whether it may be missing says who reads it. */
  private static boolean hasNoBody(HttpServerRequest request) {
    String length = request.getHeader("Content-Length");
    return request.getHeader("Transfer-Encoding") == null && (length == null || length.equals("0"));
  }

  private static String shown(@Nullable String header) {
    return header == null ? "none" : Quoted.of(header);
  }
}
