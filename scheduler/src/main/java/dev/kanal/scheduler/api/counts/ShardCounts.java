package dev.kanal.scheduler.api.counts;

import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import dev.kanal.scheduler.api.node.Owners;
import dev.kanal.scheduler.api.node.Question;
import dev.kanal.scheduler.engine.query.JobReader.Blocked;
import dev.kanal.scheduler.engine.query.JobReader.Flow;
import dev.kanal.scheduler.engine.query.JobReader.QueueCount;
import dev.kanal.scheduler.engine.query.JobReader.Unhandled;
import dev.kanal.scheduler.engine.query.WaitCause;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one node says of the queues to another.
 *
 * @param shards the shards it speaks for
 */
public record ShardCounts(BitSet shards, List<QueueCount> counts) implements Owners.Share {
  public static final Question<ShardCounts> QUESTION =
      new Question<>(
          "/internal/v1/queues", Set.of(), share -> share.json().toBuffer(), ShardCounts::read);

  JsonObject json() {
    JsonArray numbers = new JsonArray();
    shards.stream().forEach(numbers::add);
    JsonArray all = new JsonArray();
    for (QueueCount count : counts) {
      all.add(
          new JsonObject()
              .put("shard", count.shard())
              .put("queue", count.queue())
              .put("states", states(count))
              .put("oldest", count.oldestQueuedEpochMs())
              .put("lanes", lanes(count))
              .put("submitted", count.flow().submitted())
              .put("arrived", count.flow().arrived())
              .put("drained", count.flow().drained())
              .put("blocked", blocked(count))
              .put("unhandled", unhandled(count)));
    }
    return new JsonObject().put("shards", numbers).put("counts", all);
  }

  private static ShardCounts read(Buffer json) {
    return read(json.toJsonObject());
  }

  static ShardCounts read(JsonObject share) {
    BitSet shards = new BitSet();
    for (Object shard : share.getJsonArray("shards")) {
      shards.set((Integer) shard);
    }
    List<QueueCount> counts = new ArrayList<>();
    for (Object each : share.getJsonArray("counts")) {
      JsonObject count = (JsonObject) each;
      counts.add(
          new QueueCount(
              count.getInteger("shard"),
              count.getString("queue"),
              states(count.getJsonObject("states")),
              count.getLong("oldest"),
              lanes(count.getJsonObject("lanes")),
              flow(count),
              blocked(count.getJsonObject("blocked", new JsonObject())),
              unhandled(count.getJsonObject("unhandled", new JsonObject()))));
    }
    return new ShardCounts(shards, counts);
  }

  /** An older node does not count what came new. */
  private static Flow flow(JsonObject count) {
    return new Flow(
        count.getLong("submitted", 0L), count.getLong("arrived"), count.getLong("drained"));
  }

  private static JsonObject lanes(QueueCount count) {
    JsonObject lanes = new JsonObject();
    count.lanes().forEach((priority, jobs) -> lanes.put(priority.name(), jobs));
    return lanes;
  }

  private static Map<Priority, Long> lanes(JsonObject json) {
    Map<Priority, Long> lanes = new EnumMap<>(Priority.class);
    json.fieldNames().forEach(name -> lanes.put(Priority.valueOf(name), json.getLong(name)));
    return lanes;
  }

  private static JsonObject blocked(QueueCount count) {
    JsonObject blocked = new JsonObject();
    count
        .blocked()
        .forEach(
            (cause, each) ->
                blocked.put(
                    cause.text(),
                    new JsonObject().put("jobs", each.jobs()).put("since", each.sinceEpochMs())));
    return blocked;
  }

  /** A node of another release may know other causes. */
  private static Map<WaitCause, Blocked> blocked(JsonObject json) {
    Map<WaitCause, Blocked> blocked = new EnumMap<>(WaitCause.class);
    for (String text : json.fieldNames()) {
      WaitCause cause = WaitCause.of(text);
      JsonObject each = json.getJsonObject(text);
      if (cause != null) {
        blocked.put(cause, new Blocked(each.getLong("jobs"), each.getLong("since")));
      }
    }
    return blocked;
  }

  private static JsonObject unhandled(QueueCount count) {
    JsonObject types = new JsonObject();
    count
        .unhandled()
        .forEach(
            (type, each) ->
                types.put(
                    type,
                    new JsonObject().put("jobs", each.jobs()).put("atLeast", each.atLeast())));
    return types;
  }

  private static Map<String, Unhandled> unhandled(JsonObject json) {
    Map<String, Unhandled> types = new HashMap<>();
    for (String type : json.fieldNames()) {
      JsonObject each = json.getJsonObject(type);
      types.put(type, new Unhandled(each.getLong("jobs"), each.getBoolean("atLeast")));
    }
    return types;
  }

  private static JsonObject states(QueueCount count) {
    JsonObject states = new JsonObject();
    count.states().forEach((state, jobs) -> states.put(state.name(), jobs));
    return states;
  }

  private static Map<JobState, Long> states(JsonObject json) {
    Map<JobState, Long> states = new EnumMap<>(JobState.class);
    json.fieldNames().forEach(name -> states.put(JobState.valueOf(name), json.getLong(name)));
    return states;
  }
}
