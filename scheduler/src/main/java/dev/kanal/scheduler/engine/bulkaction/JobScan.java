package dev.kanal.scheduler.engine.bulkaction;

import static dev.kanal.scheduler.engine.row.Tables.COUNTS;
import static dev.kanal.scheduler.engine.row.Tables.FILED;
import static dev.kanal.scheduler.engine.row.Tables.JOBS;

import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.scheduler.engine.failure.FailureGroups;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.Tables;
import dev.kanal.scheduler.engine.row.Tables.QueueState;
import dev.kanal.scheduler.engine.table.Range;
import dev.kanal.scheduler.engine.table.Rows;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/**
 * Looks through the jobs of one shard, newest first, for those that a filter means: through an
 * index if the filter asks only for states that have one, else through all jobs. Goes on where it
 * was with each call. Belongs to one thread.
 */
public final class JobScan {
  /** How far the clock that made a job's id may be from the log's, in looking for times. */
  static final Duration CLOCKS_APART = Duration.ofMinutes(1);

  private static final int RANGES_MAX = 32;

  /** The time is checked once every this many jobs. */
  public static final int LOOKED_EACH = 32;

  private static final int CHUNK_MIN = 32;
  private static final int CHUNK_MAX = 256;
  private static final long MS_MAX = (1L << 48) - 1;

  private final Rows rows;
  private final JobFilter filter;
  private final List<Jobs> ranges;
  private final JobId oldest;
  private final ArrayDeque<JobId> ids = new ArrayDeque<>();
  private int chunk = CHUNK_MIN;

  /** Where to read on: jobs older than this; null for all. */
  private @Nullable JobId to;

  /** Whether there is nothing older. */
  private boolean ended;

  /**
   * @param below only older jobs; null for all
   */
  public JobScan(Rows rows, JobFilter filter, @Nullable JobId below) {
    this.rows = rows;
    this.filter = filter;
    Instant after = filter.createdAfter();
    this.oldest = first(after == null ? Instant.EPOCH : after.minus(CLOCKS_APART));
    this.to = newest(below);
    this.ranges = ranges();
  }

  /**
   * How far to look.
   *
   * @param found jobs
   * @param looked jobs looked at
   * @param timeUp asked now and then
   */
  public record Bounds(int found, int looked, BooleanSupplier timeUp) {}

  /**
   * What was found.
   *
   * @param jobs newest first
   * @param reached everything from here on is found; null if there is nothing older
   */
  public record Found(List<JobRow> jobs, @Nullable JobId reached) {}

  /** Looks on; some way with each call, whatever the time. */
  public Found next(Bounds bounds) {
    List<JobRow> found = new ArrayList<>();
    int looked = 0;
    boolean moved = false;
    while (true) {
      while (!ids.isEmpty()) {
        JobId id = ids.removeFirst();
        JobRow row = job(id);
        if (row != null) {
          found.add(row);
        }
        looked++;
        moved = true;
        boolean timeUp = looked % LOOKED_EACH == 0 && bounds.timeUp.getAsBoolean();
        if (found.size() >= bounds.found || looked >= bounds.looked || timeUp) {
          return new Found(found, id);
        }
      }
      if (ended) {
        return new Found(found, null);
      }
      JobId reached = to;
      if (reached != null && moved && bounds.timeUp.getAsBoolean()) {
        return new Found(found, reached);
      }
      moved = true;
      read();
    }
  }

  private @Nullable JobRow job(JobId id) {
    JobRow row = rows.get(JOBS, id);
    if (row == null || !isMeant(filter, row)) {
      return null;
    }
    String failure = filter.failure();
    return failure == null || FailureGroups.isOf(rows, row, failure) ? row : null;
  }

  /** The id of a child, or of a job of a flow, is older than the job: it has its id's place. */
  public static boolean isMeant(JobFilter filter, JobRow row) {
    boolean child = row.spec().parent() != null || row.spec().owner() != null;
    Instant since = child ? row.id().createdAt() : Instant.ofEpochMilli(row.createdMs());
    return filter.matches(row.spec(), row.state(), since) && filter.finds(row.id(), row.spec());
  }

  /** Reads the next ids of all ranges, newest first. */
  private void read() {
    List<JobId> all = new ArrayList<>();
    JobId complete = null;
    for (Jobs each : ranges) {
      Range<JobId> range = each.before(to);
      Rows.KeyPage page = rows.keysBack(range.from(), range.to(), chunk);
      page.keys().forEach(key -> all.add(range.read().apply(key)));
      if (page.more()) {
        JobId last = all.getLast();
        complete = complete == null || last.compareTo(complete) > 0 ? last : complete;
      }
    }
    all.sort(Comparator.reverseOrder());
    if (complete != null) {
      JobId end = complete;
      all.removeIf(id -> id.compareTo(end) < 0);
    }
    ids.addAll(all);
    chunk = Math.min(2 * chunk, CHUNK_MAX);
    to = complete;
    ended = complete == null;
  }

  /** Before what the newest job must be created, or {@code below} if that is older. */
  private @Nullable JobId newest(@Nullable JobId below) {
    Instant before = filter.createdBefore();
    JobId latest = before == null ? null : first(before.plus(CLOCKS_APART));
    return below != null && (latest == null || below.compareTo(latest) < 0) ? below : latest;
  }

  private static JobId first(Instant time) {
    long ms =
        time.isBefore(Instant.EPOCH)
            ? 0
            : time.isAfter(Instant.ofEpochMilli(MS_MAX)) ? MS_MAX : time.toEpochMilli();
    return JobId.of(0, ms, 0);
  }

  /** Jobs from the oldest on that is meant, before another; null comes after all. */
  private interface Jobs {
    Range<JobId> before(@Nullable JobId to);
  }

  /** Every job that is meant is among these. */
  private List<Jobs> ranges() {
    List<Jobs> all = List.of(to -> JOBS.between(oldest, to));
    if (filter.states().isEmpty() || !Tables.FILED_STATES.containsAll(filter.states())) {
      return all;
    }
    List<Jobs> filed = new ArrayList<>();
    for (JobState state : filter.states()) {
      for (String queue : queuesWith(state)) {
        QueueState of = new QueueState(queue, state);
        filed.add(to -> FILED.jobs(of, oldest, to));
      }
    }
    return filed.size() <= RANGES_MAX ? filed : all;
  }

  private List<String> queuesWith(JobState state) {
    if (filter.queue() != null) {
      return List.of(filter.queue());
    }
    List<String> queues = new ArrayList<>();
    rows.scan(
        COUNTS,
        (queue, counts) -> {
          if (counts.of(state) > 0) {
            queues.add(queue);
          }
          return true;
        });
    return queues;
  }
}
