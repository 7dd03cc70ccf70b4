package dev.kanal.scheduler.api.jobs;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.Question;
import dev.kanal.scheduler.engine.query.Listing;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What one node finds for a list of jobs: all of them down to {@code reached}.
 *
 * @param shards it speaks for
 * @param items the jobs as lists show them, newest first
 * @param reached null if there are no older ones
 */
record NodeJobs(BitSet shards, List<Item> items, @Nullable JobId reached)
    implements AllOwners.NodeAnswer {
  static final Question<NodeJobs> QUESTION =
      new Question<>("/internal/v1/jobs", ListJobsHandler.QUERY, NodeJobs::write, NodeJobs::read);

  NodeJobs {
    items = List.copyOf(items);
  }

  /** One job as JSON. */
  record Item(JobId id, Buffer json) {}

  static NodeJobs of(Listing.Part answer) {
    BitSet shards = new BitSet();
    answer.shards().forEach(shards::set);
    return new NodeJobs(
        shards,
        answer.jobs().stream().map(job -> new Item(job.id(), JobWriter.writeItem(job))).toList(),
        answer.reached());
  }

  /**
   * All answers as one; a job that may have a newer one before it, not reached yet, is left out.
   */
  static NodeJobs merge(List<NodeJobs> answers, int limit) {
    BitSet shards = new BitSet();
    JobId reached = null;
    TreeMap<JobId, Item> items = new TreeMap<>(Comparator.<JobId>naturalOrder().reversed());
    for (NodeJobs answer : answers) {
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
        ? new NodeJobs(shards, all.subList(0, limit), all.get(limit - 1).id)
        : new NodeJobs(shards, all, reached);
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

  void writeItems(JsonGenerator out, Json json) throws IOException {
    out.writeArrayFieldStart("items");
    for (Item item : items) {
      json.splice(item.json);
    }
    out.writeEndArray();
  }

  private static NodeJobs read(Buffer bytes) {
    JsonObject answer = bytes.toJsonObject();
    BitSet shards = new BitSet();
    answer.getJsonArray("shards").forEach(shard -> shards.set((Integer) shard));
    List<Item> items =
        answer.getJsonArray("items").stream()
            .map(JsonObject.class::cast)
            .map(item -> new Item(JobId.parse(item.getString("id")), item.toBuffer()))
            .toList();
    String reached = answer.getString("reached");
    return new NodeJobs(shards, items, reached == null ? null : JobId.parse(reached));
  }
}
