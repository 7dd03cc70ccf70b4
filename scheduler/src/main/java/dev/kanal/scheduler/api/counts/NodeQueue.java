package dev.kanal.scheduler.api.counts;

import dev.kanal.scheduler.api.json.Documents;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.Question;
import dev.kanal.scheduler.engine.query.JobReader.ShardQueue;
import java.util.BitSet;
import java.util.List;
import java.util.Set;

/**
 * What one node answers another about one queue.
 *
 * @param known what each of its shards knows
 */
public record NodeQueue(List<ShardQueue> known) implements AllOwners.NodeAnswer {
  public static final Question<NodeQueue> QUESTION =
      new Question<>(
          "/internal/v1/queues/{name}",
          Set.of(),
          answer -> Documents.write(answer.known),
          json -> new NodeQueue(List.of(Documents.read(json, ShardQueue[].class))));

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
}
