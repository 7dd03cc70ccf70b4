package dev.kanal.scheduler.engine.member;

import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.log.FlowEntry.Ended;
import dev.kanal.common.log.MemberEnd;
import dev.kanal.scheduler.engine.row.EndRow;
import dev.kanal.scheduler.engine.row.EndRow.Address;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.Tables;
import dev.kanal.scheduler.engine.step.Step;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Tells owners of the ends of their jobs: some of one owner at a time. */
public final class NoticeDecisions {
  private NoticeDecisions() {}

  /**
   * Takes the next ends of an owner. Answers those that are heard in this shard; null if they go to
   * another.
   */
  public static @Nullable Ended tell(Step step, Address to) {
    Ended ended = take(step, to, true);
    if (to.at() == step.shard()) {
      return ended;
    }
    step.relay(to.at(), ended);
    return null;
  }

  /** As {@link #tell}, but without results, and by way of the outbox in any case. */
  public static void tellBare(Step step, Address to) {
    step.relay(to.at(), take(step, to, false));
  }

  private static Ended take(Step step, Address to, boolean results) {
    List<MemberEnd> ends = new ArrayList<>();
    int bytes = 0;
    boolean more = false;
    for (EndRow.Key key : step.first(EndRow.of(to), Ended.MAX + 1)) {
      EndRow row = step.get(EndRow.ENDS, key);
      JsonBytes result = row == null || !results ? null : result(step, row);
      int size = result == null ? 0 : result.length();
      boolean full =
          ends.size() == Ended.MAX || (!ends.isEmpty() && bytes + size > Ended.BYTES_MAX);
      if (full) {
        more = true;
        break;
      }
      if (row != null) {
        MemberEnd end =
            new MemberEnd(key.index(), key.stage(), row.state(), row.reason(), row.job(), result);
        ends.add(end);
        bytes += size;
      }
      step.delete(EndRow.ENDS, key);
    }
    if (!more) {
      step.delete(EndRow.NOTICES, to);
    }
    return new Ended(to.owner(), to.step(), to.round(), ends);
  }

  private static @Nullable JsonBytes result(Step step, EndRow row) {
    boolean none = !row.wants() || row.state() != JobState.SUCCEEDED;
    if (none || row.result() != null || row.job() == null) {
      return none ? null : row.result();
    }
    JobRow job = step.job(row.job());
    if (job == null) {
      return null;
    }
    JsonBytes small = job.body().result();
    return small == null ? step.get(Tables.RESULTS, job.id()) : small;
  }
}
