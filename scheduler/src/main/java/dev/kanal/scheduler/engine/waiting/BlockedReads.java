package dev.kanal.scheduler.engine.waiting;

import static dev.kanal.scheduler.engine.row.Tables.BLOCKED;
import static dev.kanal.scheduler.engine.row.Tables.FILED;
import static dev.kanal.scheduler.engine.row.Tables.JOBS;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import dev.kanal.scheduler.engine.query.JobReader.Blocked;
import dev.kanal.scheduler.engine.query.WaitCause;
import dev.kanal.scheduler.engine.row.Counts;
import dev.kanal.scheduler.engine.row.Gate;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.Tables.QueueState;
import dev.kanal.scheduler.engine.table.Index.Place;
import dev.kanal.scheduler.engine.table.Rows;
import java.util.EnumMap;
import java.util.Map;

/** What a shard's rows say of a queue's blocked jobs: how many, since when, and by what. */
public final class BlockedReads {
  /**
   * Jobs that are looked at for their age, those submitted first. One that was submitted first is
   * blocked longest, unless it waited for its time before, or was run again by a user.
   */
  private static final int AGED_MAX = 8;

  /** As many are looked at while there is a cause of which none was found. */
  static final int LOOKED_AT_MAX = 100;

  private final Rows rows;
  private final String queue;
  private final Map<WaitCause, Blocked> found = new EnumMap<>(WaitCause.class);

  private BlockedReads(Rows rows, String queue) {
    this.rows = rows;
    this.queue = queue;
  }

  public static Map<WaitCause, Blocked> of(Rows rows, String queue, Counts counts) {
    if (counts.of(JobState.BLOCKED) <= 0) {
      return Map.of();
    }
    if (!counts.gatesKnown()) {
      counts.countGates(rows, queue);
    }
    BlockedReads reads = new BlockedReads(rows, queue);
    for (Gate gate : Gate.values()) {
      long jobs = counts.blocked(gate);
      if (jobs > 0) {
        switch (gate) {
          case KEY -> reads.add(WaitCause.KEY, jobs);
          case RUN -> reads.add(WaitCause.RUN, jobs);
          case TYPE -> reads.add(WaitCause.TYPE, jobs);
          case QUEUE -> reads.addByQueue(jobs);
        }
      }
    }
    reads.age();
    return reads.found;
  }

  private void add(WaitCause cause, long jobs) {
    found.merge(cause, new Blocked(jobs, 0), Blocked::plus);
  }

  /** All channels are held by the same, but for those whose topic is not there. */
  private void addByQueue(long jobs) {
    long left = jobs;
    WaitCause others = WaitCause.TOPIC;
    for (Priority priority : Priority.values()) {
      Channel channel = new Channel(queue, priority);
      Place first = rows.first(BLOCKED.from(channel, 0));
      if (first == null) {
        continue;
      }
      WaitCause cause = Waiting.ofQueue(rows, channel);
      age(first.job());
      if (cause == WaitCause.TOPIC) {
        long here = Math.min(left, rows.count(BLOCKED.from(channel, first.offset()), left));
        add(WaitCause.TOPIC, here);
        left -= here;
      } else {
        others = cause;
      }
    }
    if (left > 0) {
      add(others, left);
    }
  }

  private void age() {
    int[] seen = {0};
    rows.scan(
        FILED.all(new QueueState(queue, JobState.BLOCKED)),
        job -> {
          age(job);
          seen[0]++;
          return seen[0] < AGED_MAX || (seen[0] < LOOKED_AT_MAX && isSomeUnaged());
        });
  }

  private boolean isSomeUnaged() {
    return found.values().stream().anyMatch(each -> each.jobs() > 0 && each.sinceEpochMs() == 0);
  }

  private void age(JobId job) {
    JobRow row = rows.get(JOBS, job);
    if (row != null && row.state() == JobState.BLOCKED) {
      Blocked aged = new Blocked(0, Waiting.sinceMs(row));
      found.merge(Waiting.blockedBy(rows, row), aged, Blocked::plus);
    }
  }
}
