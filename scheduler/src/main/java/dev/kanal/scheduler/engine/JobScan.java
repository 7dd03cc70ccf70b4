package dev.kanal.scheduler.engine;

import dev.kanal.common.job.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import org.apache.kafka.common.utils.Bytes;
import org.jspecify.annotations.Nullable;

/**
 * Looks through the jobs of one shard, newest first, for those that a filter means: through an
 * index if the filter asks only for states that have one, else through all jobs.
 */
final class JobScan {
  /** States with an index. The way from queued to succeeded is not to cost any. */
  static final Set<JobState> FILED =
      Collections.unmodifiableSet(
          EnumSet.complementOf(EnumSet.of(JobState.QUEUED, JobState.SUCCEEDED)));

  /** How far the clock that made a job's id may be from the log's, in looking for times. */
  static final Duration CLOCKS_APART = Duration.ofMinutes(1);

  private static final int RANGES_MAX = 32;

  /** After so many jobs each it is asked whether the time is up. */
  static final int CHUNK_MIN = 32;

  private static final int CHUNK_MAX = 256;
  private static final long MS_MAX = (1L << 48) - 1;

  private final Rows rows;
  private final JobFilter filter;
  private final List<Bytes> prefixes;

  JobScan(Rows rows, JobFilter filter) {
    this.rows = rows;
    this.filter = filter;
    this.prefixes = prefixes();
  }

  /**
   * How far to look.
   *
   * @param found jobs
   * @param looked jobs looked at
   * @param timeUp asked now and then
   */
  record Bounds(int found, int looked, BooleanSupplier timeUp) {}

  /**
   * What was found.
   *
   * @param jobs newest first
   * @param reached the last job looked at, if there may be older ones; null at the end
   */
  record Found(List<JobRow> jobs, @Nullable JobId reached) {}

  /**
   * Looks for older jobs than {@code below}.
   *
   * @param below null to begin with the newest
   */
  Found next(@Nullable JobId below, Bounds bounds) {
    List<JobRow> found = new ArrayList<>();
    int looked = 0;
    JobId to = below;
    for (int size = CHUNK_MIN; ; size = Math.min(2 * size, CHUNK_MAX)) {
      Chunk chunk = chunk(to, size);
      for (JobId id : chunk.ids) {
        JobRow row = job(id);
        if (row != null) {
          found.add(row);
        }
        looked++;
        boolean timeUp = looked % CHUNK_MIN == 0 && bounds.timeUp.getAsBoolean();
        if (found.size() >= bounds.found || looked >= bounds.looked || timeUp) {
          return new Found(found, id);
        }
      }
      if (!chunk.more) {
        return new Found(found, null);
      }
      to = chunk.ids.getLast();
    }
  }

  private @Nullable JobRow job(JobId id) {
    byte[] bytes = rows.get(Keys.job(id));
    JobRow row = bytes == null ? null : RowCodec.decodeJob(bytes);
    return row != null && isMeant(filter, row) ? row : null;
  }

  static boolean isMeant(JobFilter filter, JobRow row) {
    return filter.matches(row.spec(), row.state(), Instant.ofEpochMilli(row.createdMs()));
  }

  /** The next ids, newest first; every one of the ranges has been read down to the last of them. */
  private Chunk chunk(@Nullable JobId below, int size) {
    TreeSet<JobId> ids = new TreeSet<>();
    JobId complete = null;
    for (Bytes prefix : prefixes) {
      Rows.KeyPage page =
          rows.keysBack(Keys.withJob(prefix, oldest()), Keys.withJob(prefix, newest(below)), size);
      page.keys().forEach(key -> ids.add(Keys.indexedJob(key)));
      if (page.more()) {
        JobId last = Keys.indexedJob(page.keys().getLast());
        complete = complete == null || last.compareTo(complete) > 0 ? last : complete;
      }
    }
    List<JobId> newestFirst = new ArrayList<>();
    for (JobId id : ids.descendingSet()) {
      if (complete == null || id.compareTo(complete) >= 0) {
        newestFirst.add(id);
      }
    }
    return new Chunk(newestFirst, complete != null);
  }

  private JobId oldest() {
    Instant after = filter.createdAfter();
    return first(after == null ? Instant.EPOCH : after.minus(CLOCKS_APART));
  }

  private @Nullable JobId newest(@Nullable JobId below) {
    Instant before = filter.createdBefore();
    if (before == null) {
      return below;
    }
    JobId bound = first(before.plus(CLOCKS_APART));
    return below == null || bound.compareTo(below) < 0 ? bound : below;
  }

  private static JobId first(Instant time) {
    long ms =
        time.isBefore(Instant.EPOCH)
            ? 0
            : time.isAfter(Instant.ofEpochMilli(MS_MAX)) ? MS_MAX : time.toEpochMilli();
    return JobId.of(0, ms, 0);
  }

  /** The ranges of keys, each ending in job ids, that hold every job that is meant. */
  private List<Bytes> prefixes() {
    List<Bytes> all = List.of(Keys.jobs());
    if (filter.states().isEmpty() || !FILED.containsAll(filter.states())) {
      return all;
    }
    List<Bytes> filed = new ArrayList<>();
    for (JobState state : filter.states()) {
      for (String queue : queuesWith(state)) {
        filed.add(Keys.filed(state, queue));
      }
    }
    return filed.size() <= RANGES_MAX ? filed : all;
  }

  private List<String> queuesWith(JobState state) {
    if (filter.queue() != null) {
      return List.of(filter.queue());
    }
    List<String> queues = new ArrayList<>();
    Bytes from = Keys.firstCounts();
    rows.scan(
        from,
        Keys.endOf(from),
        (key, value) -> {
          if (RowCodec.decodeCounts(value).of(state) > 0) {
            queues.add(Keys.countsQueue(key));
          }
          return true;
        });
    return queues;
  }

  private record Chunk(List<JobId> ids, boolean more) {}
}
