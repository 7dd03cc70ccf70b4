package dev.kanal.scheduler.engine.waiting;

import static dev.kanal.scheduler.engine.row.Tables.BLOCKED_BY_TYPE;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.Priority;
import dev.kanal.scheduler.engine.query.JobReader.Unhandled;
import dev.kanal.scheduler.engine.row.Counts;
import dev.kanal.scheduler.engine.row.Gate;
import dev.kanal.scheduler.engine.row.Tables;
import dev.kanal.scheduler.engine.row.Tables.ChannelType;
import dev.kanal.scheduler.engine.table.Range;
import dev.kanal.scheduler.engine.table.Rows;
import java.util.Map;
import java.util.TreeMap;
import org.apache.kafka.common.utils.Bytes;

/** What a shard's rows say of the types for which a queue's workers have no handler. */
public final class UnhandledReads {
  /** Types that are listed. */
  static final int TYPES_MAX = 20;

  /** Jobs of a type and priority that are counted one by one, if there are several types. */
  static final int COUNTED_MAX = 100;

  private UnhandledReads() {}

  public static Map<String, Unhandled> of(Rows rows, String queue, Counts counts) {
    long all = counts.blocked(Gate.TYPE);
    if (all <= 0) {
      return Map.of();
    }
    Map<String, Unhandled> found = new TreeMap<>();
    for (Priority priority : Priority.values()) {
      count(rows, new Channel(queue, priority), found);
    }
    if (found.size() == 1) {
      found.replaceAll((_, _) -> new Unhandled(all, false));
    }
    return found;
  }

  /** Goes from type to type, and looks at few jobs of each. */
  private static void count(Rows rows, Channel channel, Map<String, Unhandled> found) {
    Range<Bytes> left = BLOCKED_BY_TYPE.all(new ChannelType(channel, "")).keys();
    for (int types = 0; types < TYPES_MAX; types++) {
      Bytes first = rows.first(left);
      if (first == null) {
        return;
      }
      String type = Tables.blockedType(first);
      Range<JobId> same = BLOCKED_BY_TYPE.all(new ChannelType(channel, type));
      left = left.since(same.to());
      long jobs = rows.count(same.since(first), COUNTED_MAX);
      if (found.size() < TYPES_MAX || found.containsKey(type)) {
        found.merge(type, new Unhandled(jobs, jobs >= COUNTED_MAX), Unhandled::plus);
      }
    }
  }
}
