package dev.kanal.scheduler.api.http;

import dev.kanal.scheduler.api.json.MergePatch;
import io.vertx.core.Handler;
import io.vertx.core.http.HttpMethod;
import io.vertx.ext.web.RoutingContext;
import java.util.Arrays;
import java.util.Set;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * One call of the API.
 *
 * @param path as in the contract: parameters stand in braces; a node's question to another one is
 *     below {@link #INTERNAL}, and in no contract
 * @param query the names of its query parameters
 * @param consumes the media type of its body, if it takes one
 * @param produces the media type of its answer; several with commas in between
 */
public record Route(
    HttpMethod method,
    String path,
    Set<String> query,
    @Nullable String consumes,
    String produces,
    Handler<RoutingContext> handler) {
  /** Below it is what nodes ask each other. */
  public static final String INTERNAL = "/internal";

  public static Route get(
      String path, Set<String> query, String produces, Handler<RoutingContext> handler) {
    return new Route(HttpMethod.GET, path, query, null, produces, handler);
  }

  public static Route post(String path, String mediaType, Handler<RoutingContext> handler) {
    return new Route(HttpMethod.POST, path, Set.of(), mediaType, mediaType, handler);
  }

  public static Route put(String path, String mediaType, Handler<RoutingContext> handler) {
    return new Route(HttpMethod.PUT, path, Set.of(), mediaType, mediaType, handler);
  }

  /** By a merge patch. */
  public static Route patch(String path, Handler<RoutingContext> handler) {
    return new Route(
        HttpMethod.PATCH, path, Set.of(), MergePatch.MEDIA_TYPE, Answers.JSON, handler);
  }

  /** A call that changes something and takes no body. */
  public static Route bare(HttpMethod method, String path, Handler<RoutingContext> handler) {
    return new Route(method, path, Set.of(), null, Answers.JSON, handler);
  }

  /** Whether it is for other nodes only. */
  public boolean isInternal() {
    return path.startsWith(INTERNAL + "/");
  }

  /** Of its answer. */
  public Stream<String> mediaTypes() {
    return Arrays.stream(produces.split(", ", -1));
  }

  /** The path in the words of the router. */
  public String pattern() {
    return pattern(path);
  }

  public static String pattern(String path) {
    return path.replace("{", ":").replace("}", "");
  }
}
