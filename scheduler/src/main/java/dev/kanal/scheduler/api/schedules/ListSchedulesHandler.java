package dev.kanal.scheduler.api.schedules;

import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.NodeClient;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.engine.query.ScheduleReader;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Base64;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/schedules}: all schedules of the cluster by name, a page at a time. */
final class ListSchedulesHandler implements Handler<RoutingContext> {
  static final Set<String> QUERY = Set.of("limit", "cursor");

  private static final int LIMIT_MAX = 200;
  private static final int LIMIT_DEFAULT = 50;

  private final ScheduleReader schedules;
  private final InstantSource clock;
  private final AllOwners owners;

  ListSchedulesHandler(ScheduleReader schedules, InstantSource clock, AllOwners owners) {
    this.schedules = schedules;
    this.clock = clock;
    this.owners = owners;
  }

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    AllOwners.answer(
        request,
        asked(request)
            .compose(
                asked ->
                    owners
                        .ask(NodeSchedules.QUESTION, NodeClient.query(request), here(asked))
                        .map(answers -> page(answers, asked.limit))));
  }

  /** What the shards here have for the same query. */
  Future<NodeSchedules> here(RoutingContext routing) {
    return asked(routing.request()).compose(this::here);
  }

  private Future<NodeSchedules> here(Asked asked) {
    return owners
        .here(schedules.list(asked.after, asked.limit + 1))
        .map(answer -> NodeSchedules.of(answer, clock.instant()));
  }

  private record Asked(String after, int limit) {}

  private static Future<Asked> asked(HttpServerRequest request) {
    int limit = limit(request.getParam("limit"));
    String after = after(request.getParam("cursor"));
    return limit == 0 || after == null
        ? Future.failedFuture(
            new RefusedException(
                Problem.malformedQuery(
                    limit == 0
                        ? "Expected limit from 1 to " + LIMIT_MAX + ", but got something else"
                        : "Expected cursor to be the nextCursor of a page, but got something"
                            + " else")))
        : Future.succeededFuture(new Asked(after, limit));
  }

  /** The first of all nodes' schedules; one more is asked for than is shown. */
  private static Buffer page(List<NodeSchedules> answers, int limit) {
    TreeMap<String, JsonObject> byName = new TreeMap<>();
    for (NodeSchedules answer : answers) {
      answer.items().forEach(item -> byName.putIfAbsent(item.getString("name"), item));
    }
    List<JsonObject> shown = new ArrayList<>(byName.values());
    boolean more = shown.size() > limit;
    shown = more ? shown.subList(0, limit) : shown;
    String next = more ? cursor(shown.getLast().getString("name")) : null;
    return new JsonObject().put("items", new JsonArray(shown)).put("nextCursor", next).toBuffer();
  }

  private static int limit(@Nullable String text) {
    if (text == null) {
      return LIMIT_DEFAULT;
    }
    boolean good = text.matches("[1-9]\\d{0,2}") && Integer.parseInt(text) <= LIMIT_MAX;
    return good ? Integer.parseInt(text) : 0;
  }

  private static String cursor(String name) {
    return Base64.getUrlEncoder()
        .withoutPadding()
        .encodeToString(name.getBytes(StandardCharsets.UTF_8));
  }

  /** The name after which the page begins; null if the text is no cursor. */
  private static @Nullable String after(@Nullable String cursor) {
    if (cursor == null) {
      return "";
    }
    try {
      String name = new String(Base64.getUrlDecoder().decode(cursor), StandardCharsets.UTF_8);
      return ScheduleNames.PATTERN.matcher(name).matches() ? name : null;
    } catch (IllegalArgumentException e) {
      return null;
    }
  }
}
