package dev.kanal.scheduler.api.node;

import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Route;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import java.util.function.Function;

/**
 * A question that nodes ask each other, and what they answer for their own shards. No part of the
 * contract with clients.
 *
 * @param path of its route, below {@link Route#INTERNAL}; at most its last part is a parameter
 * @param query the names of its query parameters
 * @param write makes JSON of an answer
 * @param read makes an answer of JSON; what it throws is the failure of the question
 */
public record Question<A>(
    String path, Set<String> query, Function<A, Buffer> write, Function<Buffer, A> read) {

  /** The call that this node answers it by; {@code here} is asked on the request's event loop. */
  public Route answered(Function<RoutingContext, Future<A>> here) {
    return Route.get(
        path,
        query,
        Answers.JSON,
        context -> AllOwners.answer(context.request(), here.apply(context).map(write)));
  }

  /**
   * Where another node is asked.
   *
   * @param rest the value of the path's parameter, or the query behind its question mark
   */
  String uri(String rest) {
    int parameter = path.indexOf('{');
    return (parameter < 0 ? path : path.substring(0, parameter)) + rest;
  }
}
