package dev.kanal.scheduler.api.counts;

import dev.kanal.scheduler.api.node.AllOwners;
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
  private final AllOwners owners;

  public QueueCounts(JobReader reader, AllOwners owners) {
    this.reader = reader;
    this.owners = owners;
  }

  /** The sums by queue; fails with an {@link AllOwners.AwayException} if a shard is missing. */
  public Future<Map<String, QueueSum>> everywhere() {
    return owners.ask(ShardCounts.QUESTION, "", here()).map(QueueCounts::sum);
  }

  /** The same, and what has ended on each node. */
  public Future<Look> look() {
    return owners
        .ask(NodeStats.QUESTION, "", hereWithRuns())
        .map(
            answers ->
                new Look(
                    sum(answers.stream().map(NodeStats::counts).toList()),
                    answers.stream().map(NodeStats::runs).toList()));
  }

  /** What this node answers another about itself. */
  public Future<NodeStats> hereWithRuns() {
    return here().map(counts -> new NodeStats(counts, reader.runs()));
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
  private static Map<String, QueueSum> sum(List<ShardCounts> answers) {
    BitSet spokenFor = new BitSet();
    Map<String, QueueSum> sums = new TreeMap<>();
    for (ShardCounts answer : answers) {
      for (QueueCount count : answer.counts()) {
        if (answer.shards().get(count.shard()) && !spokenFor.get(count.shard())) {
          sums.merge(count.queue(), QueueSum.of(count), QueueSum::plus);
        }
      }
      spokenFor.or(answer.shards());
    }
    return sums;
  }
}
