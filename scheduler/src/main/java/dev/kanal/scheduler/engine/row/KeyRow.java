package dev.kanal.scheduler.engine.row;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.engine.table.Codec;
import java.util.List;
import java.util.stream.Stream;

/**
 * A key with jobs that have not ended. What it counts is derived from their rows.
 *
 * @param held jobs that have its places
 * @param limit places, by the latest submit
 * @param waiting jobs in its line
 * @param front nobody in its line is there since before this log offset; a scan from here passes no
 *     rows of those that have left it
 * @param holders some of those that have its places, by id: all of them unless there are more than
 *     {@link #HOLDERS_MAX}, or some had theirs when release 0.1.0 wrote the row
 */
public record KeyRow(int held, int limit, int waiting, long front, List<JobId> holders) {
  /** Jobs with a place that are named. */
  public static final int HOLDERS_MAX = 10;

  static final Codec<KeyRow> CODEC =
      Codec.of(
          (out, row) -> {
            out.putInt(row.held).putInt(row.limit).putInt(row.waiting).putLong(row.front);
            if (!row.holders.isEmpty()) {
              Codec.putJobs(out, row.holders);
            }
          },
          (in, _) ->
              new KeyRow(
                  in.getInt(),
                  in.getInt(),
                  in.getInt(),
                  in.getLong(),
                  in.atEnd() ? List.of() : Codec.getJobs(in)));

  public KeyRow {
    holders = List.copyOf(holders);
  }

  /** A key of which nothing is known yet. */
  public static KeyRow of(int limit) {
    return new KeyRow(0, limit, 0, 0, List.of());
  }

  public boolean hasPlace() {
    return held < limit;
  }

  public boolean hasLine() {
    return waiting > 0;
  }

  public KeyRow withLimit(int newLimit) {
    return new KeyRow(held, newLimit, waiting, front, holders);
  }

  /** With the first of its line found at this offset. */
  public KeyRow foundAt(long offset) {
    return new KeyRow(held, limit, waiting, offset, holders);
  }

  /** Without a job that is like this, and without a trace of it. */
  public KeyRow without(JobId job, JobStatus status) {
    return new KeyRow(
        held - (status.holdsKey() ? 1 : 0),
        limit,
        waiting - (status.waitsForKey() ? 1 : 0),
        front,
        holders.contains(job)
            ? holders.stream().filter(each -> !each.equals(job)).toList()
            : holders);
  }

  /** Adds a job with this status; a newcomer stands behind all who wait. */
  public KeyRow with(JobId job, JobStatus status) {
    boolean waits = status.waitsForKey();
    boolean named = status.holdsKey() && holders.size() < HOLDERS_MAX;
    return new KeyRow(
        held + (status.holdsKey() ? 1 : 0),
        limit,
        waiting + (waits ? 1 : 0),
        waits && waiting == 0 ? status.offset() : front,
        named ? Stream.concat(holders.stream(), Stream.of(job)).sorted().toList() : holders);
  }
}
