package dev.kanal.scheduler.api.counts;

import dev.kanal.scheduler.api.node.Owners;
import dev.kanal.scheduler.api.node.Question;
import dev.kanal.scheduler.engine.query.JobReader.ShardQueue;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * What one node tells another of one queue.
 *
 * @param known what each of its shards knows
 */
public record QueueShare(List<ShardQueue> known) implements Owners.Share {
  public static final Question<QueueShare> QUESTION =
      new Question<>("/internal/v1/queues/{name}", Set.of(), QueueShare::write, QueueShare::read);

  @Override
  public BitSet shards() {
    return reached(Long.MIN_VALUE);
  }

  /** Only the shards that work by a revision of the settings, or by a newer one. */
  public BitSet reached(long revision) {
    BitSet shards = new BitSet();
    for (ShardQueue each : known) {
      shards.set(each.shard(), each.revision() >= revision);
    }
    return shards;
  }

  private Buffer write() {
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

  private static QueueShare read(Buffer json) {
    List<ShardQueue> known = new ArrayList<>();
    for (Object item : json.toJsonArray()) {
      JsonObject each = (JsonObject) item;
      known.add(
          new ShardQueue(
              each.getInteger("shard"), each.getLong("revision"), each.getLong("unfinished")));
    }
    return new QueueShare(known);
  }
}
