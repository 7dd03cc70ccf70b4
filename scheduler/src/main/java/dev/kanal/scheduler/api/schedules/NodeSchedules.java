package dev.kanal.scheduler.api.schedules;

import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.Question;
import dev.kanal.scheduler.engine.query.ScheduleReader;
import dev.kanal.scheduler.engine.query.ScheduleView;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.time.Instant;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What one node says of the schedules to another.
 *
 * @param shards it speaks for
 * @param items schedules as the API shows them in a list
 */
record NodeSchedules(BitSet shards, List<JsonObject> items) implements AllOwners.NodeAnswer {
  static final Question<NodeSchedules> QUESTION =
      new Question<>(
          "/internal/v1/schedules",
          ListSchedulesHandler.QUERY,
          NodeSchedules::write,
          NodeSchedules::read);

  static NodeSchedules of(ScheduleReader.Part answer, Instant now) {
    BitSet shards = new BitSet();
    answer.shards().forEach(shards::set);
    List<JsonObject> items = new ArrayList<>();
    for (ScheduleView schedule : answer.schedules()) {
      items.add(
          Json.write(1_024, (out, json) -> ScheduleWriter.writeBrief(schedule, now, out, json))
              .toJsonObject());
    }
    return new NodeSchedules(shards, items);
  }

  private Buffer write() {
    JsonArray numbers = new JsonArray();
    shards.stream().forEach(numbers::add);
    return new JsonObject().put("shards", numbers).put("items", new JsonArray(items)).toBuffer();
  }

  private static NodeSchedules read(Buffer json) {
    JsonObject answer = json.toJsonObject();
    BitSet shards = new BitSet();
    for (Object shard : answer.getJsonArray("shards")) {
      shards.set((Integer) shard);
    }
    List<JsonObject> items = new ArrayList<>();
    for (Object item : answer.getJsonArray("items")) {
      items.add((JsonObject) item);
    }
    return new NodeSchedules(shards, items);
  }
}
