package dev.kanal.scheduler.api.counts;

import dev.kanal.scheduler.api.json.Documents;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.Question;
import dev.kanal.scheduler.stats.Histogram;
import dev.kanal.scheduler.stats.NodeRuns;
import dev.kanal.scheduler.stats.RunTally;
import dev.kanal.scheduler.stats.RunTally.Ends;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one node answers another for its statistics.
 *
 * @param counts of its shards
 * @param runs that it has counted since it started
 */
public record NodeStats(ShardCounts counts, NodeRuns runs) implements AllOwners.NodeAnswer {
  public static final Question<NodeStats> QUESTION =
      new Question<>(
          "/internal/v1/stats",
          Set.of(),
          answer -> Documents.write(Document.of(answer)),
          json -> Documents.read(json, Document.class).answer());

  @Override
  public BitSet shards() {
    return counts.shards();
  }

  /** As JSON. */
  record Document(ShardCounts.Document counts, long node, Map<String, Tally> queues) {
    static Document of(NodeStats answer) {
      Map<String, Tally> queues = new HashMap<>();
      answer.runs.queues().forEach((queue, tally) -> queues.put(queue, Tally.of(tally)));
      return new Document(ShardCounts.Document.of(answer.counts), answer.runs.node(), queues);
    }

    NodeStats answer() {
      Map<String, RunTally> tallies = new HashMap<>();
      queues.forEach((queue, tally) -> tallies.put(queue, tally.tally()));
      return new NodeStats(counts.answer(), new NodeRuns(node, tallies));
    }
  }

  /** Numbers in rows: of ends in the order of {@link Ends}, of times by {@link Histogram}. */
  record Tally(List<Long> ends, List<Long> waits, List<Long> runs, List<Long> totals) {
    static Tally of(RunTally tally) {
      Ends ends = tally.ends();
      return new Tally(
          List.of(ends.succeeded(), ends.dead(), ends.failed()),
          row(tally.waits()),
          row(tally.runs()),
          row(tally.totals()));
    }

    RunTally tally() {
      return new RunTally(
          new Ends(ends.get(0), ends.get(1), ends.get(2)),
          histogram(waits),
          histogram(runs),
          histogram(totals));
    }

    private static List<Long> row(Histogram times) {
      return Arrays.stream(times.pairs()).boxed().toList();
    }

    private static Histogram histogram(List<Long> row) {
      return Histogram.of(row.stream().mapToLong(Long::longValue).toArray());
    }
  }
}
