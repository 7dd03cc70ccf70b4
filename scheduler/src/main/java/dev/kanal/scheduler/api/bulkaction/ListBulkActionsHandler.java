package dev.kanal.scheduler.api.bulkaction;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.filter.FilterQuery;
import dev.kanal.scheduler.api.filter.PageLimit;
import dev.kanal.scheduler.api.http.Paths;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.Question;
import dev.kanal.scheduler.engine.query.BulkActionViews;
import dev.kanal.scheduler.engine.query.JobReader;
import io.vertx.core.Future;
import io.vertx.core.Handler;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.ext.web.RoutingContext;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/bulk-actions}: those that run, and those of the last day; the newest first. */
final class ListBulkActionsHandler implements Handler<RoutingContext> {
  static final Set<String> QUERY = Set.of("limit", "cursor");

  private static final int LIMIT_MAX = 100;
  private static final int LIMIT_DEFAULT = 20;

  private final JobReader reader;
  private final AllOwners owners;

  ListBulkActionsHandler(JobReader reader, AllOwners owners) {
    this.reader = reader;
    this.owners = owners;
  }

  @Override
  public void handle(RoutingContext routing) {
    HttpServerRequest request = routing.request();
    AllOwners.answer(
        request,
        asked(request)
            .compose(
                asked -> ask(asked.below, asked.limit + 1).map(all -> page(all, asked.limit))));
  }

  /** What the shards here have for the same query; one more than is shown. */
  Future<NodeBulkActions> here(RoutingContext routing) {
    return asked(routing.request()).compose(asked -> here(asked.below, asked.limit + 1));
  }

  /** Fails unless every scheduler that owns shards knows this call, and what came with it. */
  Future<?> everybodyKnowsIt() {
    return ask(null, 1);
  }

  private Future<List<NodeBulkActions>> ask(@Nullable JobId below, int limit) {
    String cursor = below == null ? "" : "&cursor=" + below;
    int most = Math.min(limit, LIMIT_MAX);
    return owners.ask(NodeBulkActions.QUESTION, "?limit=" + most + cursor, here(below, limit));
  }

  private Future<NodeBulkActions> here(@Nullable JobId below, int limit) {
    return owners
        .here(reader.bulks(below, Math.min(limit, LIMIT_MAX + 1)))
        .map(NodeBulkActions::of);
  }

  private record Asked(@Nullable JobId below, int limit) {}

  private static Future<Asked> asked(HttpServerRequest request) {
    try {
      int limit = PageLimit.of(request, LIMIT_DEFAULT, LIMIT_MAX);
      return Future.succeededFuture(new Asked(below(request), limit));
    } catch (FilterQuery.MalformedException e) {
      return e.refused();
    }
  }

  private static @Nullable JobId below(HttpServerRequest request)
      throws FilterQuery.MalformedException {
    String cursor = request.getParam("cursor");
    JobId id = cursor == null ? null : Paths.id(cursor);
    if (cursor != null && id == null) {
      throw new FilterQuery.MalformedException("cursor", "the nextCursor of a page", cursor);
    }
    return id;
  }

  private Buffer page(List<NodeBulkActions> answers, int limit) {
    TreeMap<JobId, List<NodeBulkAction>> byId = new TreeMap<>();
    for (NodeBulkActions answer : answers) {
      answer.actions.forEach(
          (id, part) -> byId.computeIfAbsent(id, _ -> new ArrayList<>()).add(part));
    }
    JsonArray items = new JsonArray();
    String next = null;
    for (Map.Entry<JobId, List<NodeBulkAction>> action : byId.descendingMap().entrySet()) {
      if (items.size() == limit) {
        next = JobId.parse(items.getJsonObject(limit - 1).getString("id")).toString();
        break;
      }
      JsonObject sum = NodeBulkAction.sum(action.getKey(), action.getValue(), reader.shards());
      if (sum != null) {
        items.add(sum);
      }
    }
    return new JsonObject().put("items", items).put("nextCursor", next).toBuffer();
  }

  /** What one node knows of them. */
  record NodeBulkActions(BitSet shards, Map<JobId, NodeBulkAction> actions)
      implements AllOwners.NodeAnswer {
    static final Question<NodeBulkActions> QUESTION =
        new Question<>(
            "/internal/v1/bulk-actions", QUERY, NodeBulkActions::write, NodeBulkActions::read);

    static NodeBulkActions of(BulkActionViews views) {
      BitSet shards = new BitSet();
      views.shards().forEach(shards::set);
      Map<JobId, NodeBulkAction> actions = new TreeMap<>();
      views
          .parts()
          .forEach((id, parts) -> actions.put(id, NodeBulkAction.of(views.shards(), parts)));
      return new NodeBulkActions(shards, actions);
    }

    private Buffer write() {
      JsonArray numbers = new JsonArray();
      shards.stream().forEach(numbers::add);
      JsonObject all = new JsonObject();
      actions.forEach((id, answer) -> all.put(id.toString(), answer.toJson()));
      return new JsonObject().put("shards", numbers).put("actions", all).toBuffer();
    }

    private static NodeBulkActions read(Buffer bytes) {
      JsonObject answer = bytes.toJsonObject();
      BitSet shards = new BitSet();
      answer.getJsonArray("shards").forEach(shard -> shards.set((Integer) shard));
      Map<JobId, NodeBulkAction> actions = new TreeMap<>();
      JsonObject all = answer.getJsonObject("actions");
      all.fieldNames()
          .forEach(id -> actions.put(JobId.parse(id), NodeBulkAction.of(all.getJsonObject(id))));
      return new NodeBulkActions(shards, actions);
    }
  }
}
