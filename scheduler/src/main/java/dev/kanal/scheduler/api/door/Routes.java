package dev.kanal.scheduler.api.door;

import dev.kanal.common.error.ErrorCode;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Failures;
import dev.kanal.scheduler.api.http.Route;
import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.core.Handler;
import io.vertx.core.Vertx;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.ext.web.Router;
import io.vertx.ext.web.RoutingContext;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;

/** Puts routes into a router, and answers for those that there are not. */
public final class Routes {
  private Routes() {}

  /**
   * A router that asks {@code filters} first, in their order, for every request, and {@code others}
   * for those that no route takes.
   */
  public static Router router(
      Vertx vertx,
      List<Handler<RoutingContext>> filters,
      List<Route> routes,
      Handler<RoutingContext> others) {
    Router router = Router.router(vertx);
    filters.forEach(filter -> router.route().handler(filter));
    Map<String, TreeSet<String>> allowed = new LinkedHashMap<>();
    for (Route route : routes) {
      TreeSet<String> methods = allowed.computeIfAbsent(route.path(), _ -> new TreeSet<>());
      methods.add(route.method().name());
      if (route.method().equals(HttpMethod.GET)) {
        methods.add("HEAD");
      }
    }
    // Paths without parameters first: the router compares them before it comes to the patterns.
    for (boolean parameters : new boolean[] {false, true}) {
      allowed.forEach(
          (path, methods) -> {
            if (path.contains("{") == parameters) {
              addAll(router, routes, path, String.join(", ", methods));
            }
          });
    }
    router.route().handler(others);
    router.route().handler(context -> refusePath(context.request()));
    router.route().failureHandler(Routes::fail);
    return router;
  }

  private static void addAll(Router router, List<Route> routes, String path, String allow) {
    for (Route route : routes) {
      if (route.path().equals(path)) {
        add(router, route);
      }
    }
    router.route(Route.pattern(path)).handler(context -> refuseMethod(context.request(), allow));
  }

  private static void add(Router router, Route route) {
    router
        .route(route.method(), route.pattern())
        .handler(new RouteGuard(route))
        .handler(route.handler());
    if (route.method().equals(HttpMethod.GET)) {
      router
          .route(HttpMethod.HEAD, route.pattern())
          .handler(new RouteGuard(route))
          .handler(route.handler());
    }
  }

  private static void refuseMethod(HttpServerRequest request, String allow) {
    request.response().putHeader("Allow", allow);
    Answers.problem(
        request,
        Problem.of(
            ErrorCode.METHOD_NOT_ALLOWED,
            "Expected one of " + allow + ", but got " + request.method().name()));
  }

  private static void refusePath(HttpServerRequest request) {
    Answers.problem(
        request,
        Problem.of(
            ErrorCode.NOT_FOUND, "Expected a path of this API, but there is nothing at this one"));
  }

  private static void fail(RoutingContext context) {
    Throwable failure = context.failure();
    if (context.statusCode() >= 400 && context.statusCode() < 500) {
      Answers.problem(
          context.request(),
          Problem.of(
              ErrorCode.BAD_REQUEST, "Expected a well-formed path and query, but they are not"));
    } else {
      Throwable cause =
          failure == null ? new IllegalStateException("status " + context.statusCode()) : failure;
      Answers.problem(context.request(), Failures.internal(cause));
    }
  }
}
