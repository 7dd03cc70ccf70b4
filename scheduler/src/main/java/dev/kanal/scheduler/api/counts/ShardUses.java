package dev.kanal.scheduler.api.counts;

import dev.kanal.scheduler.engine.query.JobReader.ShardUse;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What one node tells another of the unfinished jobs in its shards. */
public final class ShardUses {
  private ShardUses() {}

  public static Buffer write(List<ShardUse> uses) {
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

  public static List<ShardUse> read(Buffer json) {
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
