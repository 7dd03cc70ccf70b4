package dev.kanal.scheduler.engine.failure;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.engine.table.Codec;
import dev.kanal.scheduler.engine.table.KeyCodec;
import dev.kanal.scheduler.engine.table.Letter;
import dev.kanal.scheduler.engine.table.Table;
import java.util.ArrayList;
import java.util.List;

/**
 * The jobs of one shard that are {@code DEAD} of the same failure. There is a row as long as there
 * is such a job.
 *
 * @param firstMs when the first of them died since there were none
 * @param lastMs when the last of them died
 * @param jobs some of them, those that died last first; at most {@link #JOBS_MAX}
 */
public record FailureRow(Kind kind, long count, long firstMs, long lastMs, List<JobId> jobs) {
  public static final int JOBS_MAX = 5;

  /** By group, in the order of their names. */
  public static final Table<Long, FailureRow> TABLE =
      new Table<>(
          Letter.FAILURE,
          KeyCodec.NUMBER,
          Codec.of(
              1,
              _ -> 512,
              (out, row) -> {
                Kind kind = row.kind;
                out.putString(kind.queue).putString(kind.type);
                out.putString(kind.error).putString(kind.message);
                out.putLong(row.count).putLong(row.firstMs).putLong(row.lastMs);
                Codec.putJobs(out, row.jobs);
              },
              (in, _) ->
                  new FailureRow(
                      new Kind(in.getString(), in.getString(), in.getString(), in.getString()),
                      in.getLong(),
                      in.getLong(),
                      in.getLong(),
                      Codec.getJobs(in))));

  /**
   * What they have in common.
   *
   * @param type of the jobs
   * @param error its type
   * @param message as {@link FailureRule#normal} makes it
   */
  public record Kind(String queue, String type, String error, String message) {
    public long group() {
      return FailureRule.group(queue, type, error, message);
    }
  }

  public FailureRow {
    jobs = List.copyOf(jobs);
  }

  static FailureRow none(Kind kind, long nowMs) {
    return new FailureRow(kind, 0, nowMs, nowMs, List.of());
  }

  FailureRow with(JobId job, long atMs) {
    List<JobId> next = new ArrayList<>(jobs);
    next.remove(job);
    next.addFirst(job);
    return new FailureRow(
        kind,
        count + 1,
        Math.min(firstMs, atMs),
        Math.max(lastMs, atMs),
        next.subList(0, Math.min(next.size(), JOBS_MAX)));
  }

  FailureRow without(JobId job) {
    List<JobId> next = new ArrayList<>(jobs);
    next.remove(job);
    return new FailureRow(kind, count - 1, firstMs, lastMs, next);
  }
}
