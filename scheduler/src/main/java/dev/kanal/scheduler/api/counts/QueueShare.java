package dev.kanal.scheduler.api.counts;

import dev.kanal.scheduler.api.json.Documents;
import dev.kanal.scheduler.api.node.Owners;
import dev.kanal.scheduler.api.node.Question;
import dev.kanal.scheduler.engine.query.JobReader.ShardQueue;
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
      new Question<>(
          "/internal/v1/queues/{name}",
          Set.of(),
          share -> Documents.write(share.known),
          json -> new QueueShare(List.of(Documents.read(json, ShardQueue[].class))));

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
