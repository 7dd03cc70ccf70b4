package dev.kanal.scheduler.api.bulkaction;

import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.scheduler.api.json.Times;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.Question;
import dev.kanal.scheduler.engine.query.BulkActionView;
import dev.kanal.scheduler.engine.query.BulkActionView.State;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What one node knows of a bulk action.
 *
 * @param shards it speaks for
 * @param parts by their shards, as JSON
 */
record NodeBulkAction(BitSet shards, Map<Integer, JsonObject> parts)
    implements AllOwners.NodeAnswer {
  static final Question<NodeBulkAction> QUESTION =
      new Question<>(
          "/internal/v1/bulk-actions/{id}",
          Set.of(),
          answer -> answer.toJson().toBuffer(),
          json -> of(json.toJsonObject()));

  private static final List<String> COUNTS = List.of("matched", "done", "skipped", "failed");

  static NodeBulkAction of(BulkActionView view) {
    return of(view.shards(), view.parts());
  }

  static NodeBulkAction of(Set<Integer> speaking, List<BulkActionView.Part> known) {
    BitSet shards = new BitSet();
    speaking.forEach(shards::set);
    Map<Integer, JsonObject> parts = new TreeMap<>();
    known.forEach(part -> parts.put(part.shard(), json(part)));
    return new NodeBulkAction(shards, parts);
  }

  /** For another node. */
  JsonObject toJson() {
    JsonArray numbers = new JsonArray();
    shards.stream().forEach(numbers::add);
    JsonObject some = new JsonObject();
    parts.forEach((shard, part) -> some.put(Integer.toString(shard), part));
    return new JsonObject().put("shards", numbers).put("parts", some);
  }

  static NodeBulkAction of(JsonObject answer) {
    BitSet shards = new BitSet();
    answer.getJsonArray("shards").forEach(shard -> shards.set((Integer) shard));
    Map<Integer, JsonObject> parts = new TreeMap<>();
    JsonObject some = answer.getJsonObject("parts");
    some.fieldNames()
        .forEach(shard -> parts.put(Integer.parseInt(shard), some.getJsonObject(shard)));
    return new NodeBulkAction(shards, parts);
  }

  /** The action as a whole; null if its home shard does not know it. */
  static @Nullable JsonObject sum(JobId id, List<NodeBulkAction> answers, int shardCount) {
    Map<Integer, JsonObject> parts = new TreeMap<>();
    answers.forEach(answer -> parts.putAll(answer.parts));
    JsonObject home = parts.get(id.shard());
    if (home == null) {
      return null;
    }
    JsonObject sum = new JsonObject().put("id", id.toString());
    State state = state(parts, shardCount);
    for (String name : List.of("action", "dryRun", "queue", "filter", "createdAt")) {
      if (home.containsKey(name)) {
        sum.put(name, home.getValue(name));
      }
    }
    sum.put("state", state.name().toLowerCase(Locale.ROOT));
    for (String name : COUNTS) {
      sum.put(name, parts.values().stream().mapToLong(part -> part.getLong(name)).sum());
    }
    if (state != State.RUNNING) {
      parts.values().stream()
          .map(part -> part.getString("finishedAt"))
          .max(String::compareTo)
          .ifPresent(last -> sum.put("finishedAt", last));
    }
    return sum;
  }

  private static State state(Map<Integer, JsonObject> parts, int shardCount) {
    boolean running =
        IntStream.range(0, shardCount)
            .mapToObj(parts::get)
            .anyMatch(part -> part == null || is(part, State.RUNNING));
    boolean stopped = parts.values().stream().anyMatch(part -> is(part, State.STOPPED));
    return running ? State.RUNNING : stopped ? State.STOPPED : State.DONE;
  }

  private static boolean is(JsonObject part, State state) {
    return state.name().equals(part.getString("state"));
  }

  private static JsonObject json(BulkActionView.Part part) {
    BulkActionOrder order = part.order();
    JsonObject json =
        new JsonObject()
            .put("action", order.action().text())
            .put("dryRun", order.dryRun())
            .put("createdAt", Times.format(part.createdAt()))
            .put("state", part.state().name())
            .put("matched", part.matched())
            .put("done", part.done())
            .put("skipped", part.skipped())
            .put("failed", part.failed());
    JobFilter filter = order.filter();
    Instant finished = part.finishedAt();
    put(json, "queue", order.queue());
    if (filter != null) {
      json.put("filter", json(filter));
    }
    return finished == null ? json : json.put("finishedAt", Times.format(finished));
  }

  private static JsonObject json(JobFilter filter) {
    JsonArray states = new JsonArray();
    filter.states().stream().map(JobState::name).forEach(states::add);
    JsonObject json = new JsonObject().put("state", states);
    put(json, "queue", filter.queue());
    put(json, "type", filter.type());
    if (!filter.tags().isEmpty()) {
      JsonObject tags = new JsonObject();
      filter.tags().forEach(tags::put);
      json.put("tags", tags);
    }
    put(json, "key", filter.key());
    put(json, "schedule", filter.schedule());
    put(json, "parent", filter.parent());
    put(json, "failure", filter.failure());
    Instant after = filter.createdAfter();
    Instant before = filter.createdBefore();
    put(json, "createdAfter", after == null ? null : Times.format(after));
    put(json, "createdBefore", before == null ? null : Times.format(before));
    return json;
  }

  private static void put(JsonObject json, String name, @Nullable Object value) {
    if (value != null) {
      json.put(name, value.toString());
    }
  }
}
