package dev.kanal.scheduler.api.counts;

import dev.kanal.scheduler.api.node.Owners;
import dev.kanal.scheduler.api.node.Question;
import dev.kanal.scheduler.stats.Histogram;
import dev.kanal.scheduler.stats.NodeRuns;
import dev.kanal.scheduler.stats.RunTally;
import dev.kanal.scheduler.stats.RunTally.Ends;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.BitSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What one node tells another for its statistics.
 *
 * @param counts of its shards
 * @param runs that it has counted since it started
 */
public record StatsShare(ShardCounts counts, NodeRuns runs) implements Owners.Share {
  public static final Question<StatsShare> QUESTION =
      new Question<>("/internal/v1/stats", Set.of(), StatsShare::write, StatsShare::read);

  @Override
  public BitSet shards() {
    return counts.shards();
  }

  private Buffer write() {
    JsonObject queues = new JsonObject();
    runs.queues().forEach((queue, tally) -> queues.put(queue, json(tally)));
    return new JsonObject()
        .put("counts", counts.json())
        .put("node", runs.node())
        .put("queues", queues)
        .toBuffer();
  }

  private static StatsShare read(Buffer json) {
    JsonObject share = json.toJsonObject();
    Map<String, RunTally> queues = new HashMap<>();
    JsonObject all = share.getJsonObject("queues");
    all.fieldNames().forEach(queue -> queues.put(queue, tally(all.getJsonObject(queue))));
    return new StatsShare(
        ShardCounts.read(share.getJsonObject("counts")),
        new NodeRuns(share.getLong("node"), queues));
  }

  private static JsonObject json(RunTally tally) {
    Ends ends = tally.ends();
    return new JsonObject()
        .put("ends", new JsonArray().add(ends.succeeded()).add(ends.dead()).add(ends.failed()))
        .put("waits", json(tally.waits()))
        .put("runs", json(tally.runs()))
        .put("totals", json(tally.totals()));
  }

  private static RunTally tally(JsonObject json) {
    JsonArray ends = json.getJsonArray("ends");
    return new RunTally(
        new Ends(ends.getLong(0), ends.getLong(1), ends.getLong(2)),
        histogram(json.getJsonArray("waits")),
        histogram(json.getJsonArray("runs")),
        histogram(json.getJsonArray("totals")));
  }

  private static JsonArray json(Histogram histogram) {
    JsonArray pairs = new JsonArray();
    for (long each : histogram.pairs()) {
      pairs.add(each);
    }
    return pairs;
  }

  private static Histogram histogram(JsonArray json) {
    long[] pairs = new long[json.size()];
    for (int i = 0; i < pairs.length; i++) {
      pairs[i] = json.getLong(i);
    }
    return Histogram.of(pairs);
  }
}
