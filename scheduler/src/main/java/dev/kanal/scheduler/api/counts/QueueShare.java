package dev.kanal.scheduler.api.counts;

import dev.kanal.scheduler.api.node.Owners;
import dev.kanal.scheduler.engine.query.JobReader.ShardQueue;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;

/**
 * What one node tells another of one queue.
 *
 * @param known what each of its shards knows
 */
public record QueueShare(List<ShardQueue> known) implements Owners.Share {
  @Override
  public BitSet shards() {
    return reached(Long.MIN_VALUE).shards();
  }

  /** Only the shards that work by a revision of the settings, or by a newer one. */
  public Reached reached(long revision) {
    BitSet shards = new BitSet();
    for (ShardQueue each : known) {
      shards.set(each.shard(), each.revision() >= revision);
    }
    return new Reached(shards);
  }

  public Buffer write() {
    JsonArray json = new JsonArray();
    for (ShardQueue each : known) {
      json.add(
          new JsonObject()
              .put("shard", each.shard())
              .put("revision", each.revision())
              .put("unfinished", each.unfinished()));
    }
    return json.toBuffer();
  }

  public static QueueShare read(Buffer json) {
    List<ShardQueue> known = new ArrayList<>();
    for (Object item : json.toJsonArray()) {
      JsonObject each = (JsonObject) item;
      known.add(
          new ShardQueue(
              each.getInteger("shard"), each.getLong("revision"), each.getLong("unfinished")));
    }
    return new QueueShare(known);
  }

  /** Shards that have come far enough. */
  public record Reached(BitSet shards) implements Owners.Share {}
}
