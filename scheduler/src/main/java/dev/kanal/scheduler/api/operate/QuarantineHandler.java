package dev.kanal.scheduler.api.operate;

import dev.kanal.scheduler.api.filter.FilterQuery;
import dev.kanal.scheduler.api.filter.PageLimit;
import dev.kanal.scheduler.api.http.Answer;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.http.Later;
import dev.kanal.scheduler.api.json.Times;
import dev.kanal.scheduler.api.problem.Problem;
import dev.kanal.scheduler.engine.query.Quarantine;
import dev.kanal.scheduler.engine.query.Quarantine.Item;
import dev.kanal.scheduler.engine.query.Quarantine.Page;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/quarantine}: records that could not be read, the newest first. */
final class QuarantineHandler implements Handler<RoutingContext> {
  static final Set<String> QUERY = Set.of("limit", "cursor");

  private static final int LIMIT_MAX = 100;
  private static final int LIMIT_DEFAULT = 20;

  private final Quarantine quarantine;

  QuarantineHandler(Quarantine quarantine) {
    this.quarantine = quarantine;
  }

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    try {
      @Nullable Long below = below(request.getParam("cursor"));
      int limit = PageLimit.of(request, LIMIT_DEFAULT, LIMIT_MAX);
      Answers.when(
          request,
          Later.refusing(
                  quarantine.read(below, limit),
                  _ -> Problem.shardUnavailable("The quarantine cannot be read now"))
              .map(page -> Answer.json(200, write(page))));
    } catch (FilterQuery.MalformedException e) {
      Answers.problem(request, Problem.malformedQuery(String.valueOf(e.getMessage())));
    }
  }

  private static @Nullable Long below(@Nullable String cursor)
      throws FilterQuery.MalformedException {
    if (cursor == null) {
      return null;
    }
    if (!cursor.matches("\\d{1,18}")) {
      throw new FilterQuery.MalformedException("cursor", "the nextCursor of a page", cursor);
    }
    return Long.parseLong(cursor);
  }

  private static Buffer write(Page page) {
    JsonArray items = new JsonArray();
    page.items().forEach(item -> items.add(json(item)));
    Long next = page.next();
    return new JsonObject()
        .put("items", items)
        .put("nextCursor", next == null ? null : next.toString())
        .toBuffer();
  }

  private static JsonObject json(Item item) {
    JsonObject json =
        new JsonObject()
            .put("offset", item.offset())
            .put("at", Times.format(item.at()))
            .put("reason", item.reason());
    Quarantine.Source source = item.source();
    if (source != null) {
      json.put(
          "source",
          new JsonObject().put("partition", source.partition()).put("offset", source.offset()));
    }
    return json.put("bytes", item.bytes())
        .put("excerpt", item.excerpt())
        .put("encoding", item.isText() ? "text" : "base64");
  }
}
