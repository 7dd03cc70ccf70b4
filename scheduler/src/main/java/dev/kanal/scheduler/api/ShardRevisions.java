package dev.kanal.scheduler.api;

import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;

/** What one node tells another of how far its shards are with the settings of one queue. */
final class ShardRevisions {
  private ShardRevisions() {}

  /** Shards that work by a revision, or by a newer one. */
  record Reached(BitSet shards) implements Owners.Share {}

  static Buffer write(Map<Integer, Long> revisions) {
    JsonObject json = new JsonObject();
    revisions.forEach((shard, revision) -> json.put(shard.toString(), revision));
    return json.toBuffer();
  }

  static Reached read(Buffer json, long revision) {
    JsonObject revisions = json.toJsonObject();
    Map<Integer, Long> byShard = new HashMap<>();
    for (String shard : revisions.fieldNames()) {
      byShard.put(Integer.valueOf(shard), revisions.getLong(shard));
    }
    return reached(byShard, revision);
  }

  static Reached reached(Map<Integer, Long> revisions, long revision) {
    BitSet shards = new BitSet();
    revisions.forEach((shard, its) -> shards.set(shard, its >= revision));
    return new Reached(shards);
  }
}
