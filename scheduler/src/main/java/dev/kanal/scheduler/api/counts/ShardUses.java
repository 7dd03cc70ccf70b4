package dev.kanal.scheduler.api.counts;

import dev.kanal.scheduler.api.node.Question;
import dev.kanal.scheduler.engine.query.JobReader.ShardUse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** What one node tells another of the unfinished jobs in its shards. */
public final class ShardUses {
  public static final Question<List<ShardUse>> QUESTION =
      new Question<>("/internal/v1/queue-uses", Set.of(), ShardUses::write, ShardUses::read);

  private ShardUses() {}

  private static Buffer write(List<ShardUse> uses) {
    JsonArray shards = new JsonArray();
    for (ShardUse use : uses) {
      JsonObject unfinished = new JsonObject();
      use.unfinished().forEach(unfinished::put);
      shards.add(
          new JsonObject()
              .put("shard", use.shard())
              .put("applied", use.applied())
              .put("unfinished", unfinished));
    }
    return shards.toBuffer();
  }

  private static List<ShardUse> read(Buffer json) {
    List<ShardUse> uses = new ArrayList<>();
    for (Object each : json.toJsonArray()) {
      JsonObject use = (JsonObject) each;
      Map<String, Long> unfinished = new HashMap<>();
      JsonObject counts = use.getJsonObject("unfinished");
      counts.fieldNames().forEach(queue -> unfinished.put(queue, counts.getLong(queue)));
      uses.add(new ShardUse(use.getInteger("shard"), use.getLong("applied"), unfinished));
    }
    return uses;
  }
}
