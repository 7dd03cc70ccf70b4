package dev.kanal.scheduler.api.node;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.json.Json;
import io.vertx.core.Future;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.Set;
import java.util.TreeMap;
import java.util.function.Function;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * What one node finds for a list of things that have ids as jobs have: all of them down to {@code
 * reached}.
 *
 * @param shards it speaks for
 * @param items the things as lists show them, newest first
 * @param reached null if there are no older ones
 */
public record NodePage(BitSet shards, List<Item> items, @Nullable JobId reached)
    implements AllOwners.NodeAnswer {
  /** The question for such a list. */
  public static Question<NodePage> question(String path, Set<String> query) {
    return new Question<>(path, query, NodePage::write, NodePage::read);
  }

  public NodePage {
    items = List.copyOf(items);
  }

  /** One of them as JSON. */
  public record Item(JobId id, Buffer json) {}

  /** What one node answers for these shards. */
  public static NodePage of(Set<Integer> shards, Stream<Item> items, @Nullable JobId reached) {
    BitSet spokenFor = new BitSet();
    shards.forEach(spokenFor::set);
    return new NodePage(spokenFor, items.toList(), reached);
  }

  /**
   * What all nodes find; fails if one of them cannot be asked.
   *
   * @param here what this node finds
   */
  public static Future<NodePage> ofAll(
      AllOwners owners,
      Question<NodePage> question,
      HttpServerRequest request,
      Future<NodePage> here,
      int limit) {
    return owners
        .ask(question, NodeClient.query(request), here)
        .map(answers -> merge(answers, limit));
  }

  /** All answers as one; what may have a newer one before it, not reached yet, is left out. */
  static NodePage merge(List<NodePage> answers, int limit) {
    BitSet shards = new BitSet();
    JobId reached = null;
    TreeMap<JobId, Item> items = new TreeMap<>(Comparator.<JobId>naturalOrder().reversed());
    for (NodePage answer : answers) {
      shards.or(answer.shards);
      answer.items.forEach(item -> items.put(item.id, item));
      JobId end = answer.reached;
      reached = end != null && (reached == null || end.compareTo(reached) > 0) ? end : reached;
    }
    if (reached != null) {
      items.tailMap(reached, false).clear();
    }
    List<Item> all = List.copyOf(items.values());
    return all.size() > limit
        ? new NodePage(shards, all.subList(0, limit), all.get(limit - 1).id)
        : new NodePage(shards, all, reached);
  }

  private Buffer write() {
    JsonArray numbers = new JsonArray();
    shards.stream().forEach(numbers::add);
    JobId end = reached;
    return Json.write(
        1024,
        (out, json) -> {
          out.writeStartObject();
          out.writeFieldName("shards");
          json.splice(numbers.toBuffer());
          out.writeStringField("reached", end == null ? null : end.toString());
          writeItems(out, json);
          out.writeEndObject();
        });
  }

  /**
   * The page that a client gets.
   *
   * @param cursor of a next page below an id
   */
  public Buffer page(Function<JobId, String> cursor) {
    JobId end = reached;
    return Json.write(
        1024,
        (out, json) -> {
          out.writeStartObject();
          writeItems(out, json);
          out.writeStringField("nextCursor", end == null ? null : cursor.apply(end));
          out.writeEndObject();
        });
  }

  private void writeItems(JsonGenerator out, Json json) throws IOException {
    out.writeArrayFieldStart("items");
    for (Item item : items) {
      json.splice(item.json);
    }
    out.writeEndArray();
  }

  private static NodePage read(Buffer bytes) {
    JsonObject answer = bytes.toJsonObject();
    BitSet shards = new BitSet();
    answer.getJsonArray("shards").forEach(shard -> shards.set((Integer) shard));
    List<Item> items =
        answer.getJsonArray("items").stream()
            .map(JsonObject.class::cast)
            .map(item -> new Item(JobId.parse(item.getString("id")), item.toBuffer()))
            .toList();
    String reached = answer.getString("reached");
    return new NodePage(shards, items, reached == null ? null : JobId.parse(reached));
  }
}
