package dev.kanal.scheduler.api.node;

import dev.kanal.scheduler.api.http.NodeHeaders;
import dev.kanal.scheduler.api.http.Route;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.RequestOptions;
import io.vertx.ext.web.RoutingContext;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

/**
 * Questions between nodes as the release before has them, for rolling upgrades: at the path of the
 * public call, and marked by the header of requests that are passed on. The answers are the same.
 * To be deleted with the release after this one.
 */
public final class OldQuestions {
  /** Two questions had one path, and this one another mark. */
  private static final String USES = Route.INTERNAL + "/v1/queue-uses";

  private static final String USES_MARK = "use";
  private static final String USES_PATH = "/v1/queues";

  private OldQuestions() {}

  /** What a node that does not know the path of a question is asked instead. */
  public static RequestOptions asBefore(RequestOptions asked) {
    boolean uses = asked.getURI().equals(USES);
    return new RequestOptions(asked)
        .setURI(uses ? USES_PATH : asked.getURI().substring(Route.INTERNAL.length()))
        .putHeader(NodeHeaders.FORWARDED, uses ? USES_MARK : "1");
  }

  /**
   * The same routes, where public ones answer the questions of nodes of the release before, too:
   * nobody gets such an answer but who has the address of another node.
   */
  public static List<Route> among(List<Route> routes, AllOwners owners) {
    Map<String, Handler<RoutingContext>> questions =
        routes.stream()
            .filter(Route::isInternal)
            .collect(Collectors.toMap(Route::path, Route::handler));
    return routes.stream().map(route -> both(route, questions, owners)).toList();
  }

  private static Route both(
      Route route, Map<String, Handler<RoutingContext>> questions, AllOwners owners) {
    Handler<RoutingContext> question = questions.get(Route.INTERNAL + route.path());
    if (question == null || !route.method().equals(HttpMethod.GET)) {
      return route;
    }
    Handler<RoutingContext> uses =
        route.path().equals(USES_PATH) ? questions.getOrDefault(USES, question) : question;
    return Route.get(
        route.path(),
        route.query(),
        route.produces(),
        context -> {
          HttpServerRequest request = context.request();
          if (!isAsked(request, owners)) {
            route.handler().handle(context);
          } else if (USES_MARK.equals(request.getHeader(NodeHeaders.FORWARDED))) {
            uses.handle(context);
          } else {
            question.handle(context);
          }
        });
  }

  private static boolean isAsked(HttpServerRequest request, AllOwners owners) {
    return NodeHeaders.isForwarded(request)
        && request.method().equals(HttpMethod.GET)
        && owners.isOther(request);
  }
}
