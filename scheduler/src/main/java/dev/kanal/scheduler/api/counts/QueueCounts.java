package dev.kanal.scheduler.api.counts;

import dev.kanal.scheduler.api.node.Owners;
import dev.kanal.scheduler.engine.query.JobReader;
import dev.kanal.scheduler.engine.query.JobReader.Owner;
import dev.kanal.scheduler.engine.query.JobReader.QueueCount;
import dev.kanal.scheduler.stats.NodeRuns;
import io.vertx.core.Future;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/** What waits and what runs in each queue, summed over all shards of all nodes, or nothing. */
public final class QueueCounts {
  private final JobReader reader;
  private final Owners owners;

  public QueueCounts(JobReader reader, Owners owners) {
    this.reader = reader;
    this.owners = owners;
  }

  /** The sums by queue; fails with an {@link Owners.AwayException} if a shard is missing. */
  public Future<Map<String, QueueSum>> everywhere() {
    return owners.ask(ShardCounts.QUESTION, "", here()).map(QueueCounts::sum);
  }

  /** The same, and what has ended on each node. */
  public Future<Look> look() {
    return owners
        .ask(StatsShare.QUESTION, "", hereWithRuns())
        .map(
            shares ->
                new Look(
                    sum(shares.stream().map(StatsShare::counts).toList()),
                    shares.stream().map(StatsShare::runs).toList()));
  }

  /** What this node tells another of itself. */
  public Future<StatsShare> hereWithRuns() {
    return here().map(counts -> new StatsShare(counts, reader.runs()));
  }

  /**
   * All that a look at all nodes shows.
   *
   * @param sums by queue
   * @param runs of each node since it started
   */
  public record Look(Map<String, QueueSum> sums, List<NodeRuns> runs) {
    static final Look NOTHING = new Look(Map.of(), List.of());
  }

  /** The counts of this node's shards; which they are is noted before they are asked. */
  public Future<ShardCounts> here() {
    BitSet owned = new BitSet();
    for (int shard = 0; shard < reader.shards(); shard++) {
      owned.set(shard, reader.ownerOf(shard) instanceof Owner.Local);
    }
    return owners.here(reader.queueCounts()).map(counts -> new ShardCounts(owned, counts));
  }

  /** A shard that two nodes speak for counts once. */
  private static Map<String, QueueSum> sum(List<ShardCounts> shares) {
    BitSet spokenFor = new BitSet();
    Map<String, QueueSum> sums = new TreeMap<>();
    for (ShardCounts share : shares) {
      for (QueueCount count : share.counts()) {
        if (share.shards().get(count.shard()) && !spokenFor.get(count.shard())) {
          sums.merge(count.queue(), QueueSum.of(count), QueueSum::plus);
        }
      }
      spokenFor.or(share.shards());
    }
    return sums;
  }
}
