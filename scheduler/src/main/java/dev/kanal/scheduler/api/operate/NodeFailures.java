package dev.kanal.scheduler.api.operate;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.json.Times;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.Question;
import dev.kanal.scheduler.engine.query.FailureView;
import dev.kanal.scheduler.engine.query.FailureView.Group;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What one node answers another about the dead jobs in its shards. */
record NodeFailures(FailureView view) implements AllOwners.NodeAnswer {
  static final Question<NodeFailures> QUESTION =
      new Question<>(
          "/internal/v1/failures", FailuresHandler.QUERY, NodeFailures::write, NodeFailures::read);

  @Override
  public BitSet shards() {
    BitSet shards = new BitSet();
    view.shards().forEach(shards::set);
    return shards;
  }

  private Buffer write() {
    JsonArray groups = new JsonArray();
    view.groups().forEach(group -> groups.add(json(group)));
    return new JsonObject()
        .put("shards", new JsonArray(view.shards().stream().sorted().toList()))
        .put("groups", groups)
        .put("cut", view.cut())
        .toBuffer();
  }

  /** A group as the contract has it. */
  static JsonObject json(Group group) {
    JsonArray jobs = new JsonArray();
    group.jobs().forEach(job -> jobs.add(job.toString()));
    return new JsonObject()
        .put("failure", group.name())
        .put("queue", group.queue())
        .put("type", group.type())
        .put("error", new JsonObject().put("type", group.error()).put("message", group.message()))
        .put("count", group.count())
        .put("firstSeen", Times.format(group.firstSeen()))
        .put("lastSeen", Times.format(group.lastSeen()))
        .put("jobs", jobs);
  }

  private static NodeFailures read(Buffer bytes) {
    JsonObject answer = bytes.toJsonObject();
    Set<Integer> shards = new HashSet<>();
    answer.getJsonArray("shards").forEach(shard -> shards.add((Integer) shard));
    List<Group> groups = new ArrayList<>();
    for (Object each : answer.getJsonArray("groups")) {
      groups.add(group((JsonObject) each));
    }
    return new NodeFailures(new FailureView(shards, groups, answer.getString("cut")));
  }

  private static Group group(JsonObject json) {
    JsonObject error = json.getJsonObject("error");
    return new Group(
        json.getString("failure"),
        json.getString("queue"),
        json.getString("type"),
        error.getString("type"),
        error.getString("message"),
        json.getLong("count"),
        json.getInstant("firstSeen"),
        json.getInstant("lastSeen"),
        json.getJsonArray("jobs").stream().map(job -> JobId.parse(job.toString())).toList());
  }
}
