package dev.kanal.scheduler.api.counts;

import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import dev.kanal.scheduler.api.json.Documents;
import dev.kanal.scheduler.api.node.AllOwners;
import dev.kanal.scheduler.api.node.Question;
import dev.kanal.scheduler.engine.query.JobReader.Blocked;
import dev.kanal.scheduler.engine.query.JobReader.Flow;
import dev.kanal.scheduler.engine.query.JobReader.QueueCount;
import dev.kanal.scheduler.engine.query.JobReader.Unhandled;
import dev.kanal.scheduler.engine.query.WaitCause;
import java.util.BitSet;
import java.util.EnumMap;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;

/**
 * What one node says of the queues to another.
 *
 * @param shards the shards it speaks for
 */
public record ShardCounts(BitSet shards, List<QueueCount> counts) implements AllOwners.NodeAnswer {
  public static final Question<ShardCounts> QUESTION =
      new Question<>(
          "/internal/v1/queues",
          Set.of(),
          answer -> Documents.write(Document.of(answer)),
          json -> Documents.read(json, Document.class).answer());

  /** As JSON. */
  record Document(List<Integer> shards, List<Count> counts) {
    static Document of(ShardCounts answer) {
      return new Document(
          answer.shards.stream().boxed().toList(), answer.counts.stream().map(Count::of).toList());
    }

    ShardCounts answer() {
      BitSet owned = new BitSet();
      shards.forEach(owned::set);
      return new ShardCounts(owned, counts.stream().map(Count::count).toList());
    }
  }

  /** The counts of one queue in one shard, as JSON. */
  record Count(
      int shard,
      String queue,
      Map<JobState, Long> states,
      long oldest,
      Map<Priority, Long> lanes,
      long submitted,
      long arrived,
      long drained,
      Map<String, Held> blocked,
      Map<String, Unhandled> unhandled) {

    static Count of(QueueCount count) {
      Map<String, Held> blocked = new HashMap<>();
      count
          .blocked()
          .forEach(
              (cause, each) ->
                  blocked.put(cause.text(), new Held(each.jobs(), each.sinceEpochMs())));
      return new Count(
          count.shard(),
          count.queue(),
          count.states(),
          count.oldestQueuedEpochMs(),
          count.lanes(),
          count.flow().submitted(),
          count.flow().arrived(),
          count.flow().drained(),
          blocked,
          count.unhandled());
    }

    /** A node of another release may know other causes. */
    QueueCount count() {
      Map<WaitCause, Blocked> known = new EnumMap<>(WaitCause.class);
      blocked.forEach(
          (text, each) -> {
            WaitCause cause = WaitCause.of(text);
            if (cause != null) {
              known.put(cause, new Blocked(each.jobs, each.since));
            }
          });
      return new QueueCount(
          shard,
          queue,
          states,
          oldest,
          lanes,
          new Flow(submitted, arrived, drained),
          known,
          unhandled);
    }
  }

  /** Jobs that one cause blocks, as JSON. */
  record Held(long jobs, long since) {}
}
