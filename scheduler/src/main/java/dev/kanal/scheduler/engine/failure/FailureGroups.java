package dev.kanal.scheduler.engine.failure;

import static dev.kanal.scheduler.engine.row.Tables.ATTEMPTS;

import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Reason;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.step.Step;
import dev.kanal.scheduler.engine.table.KeyCodec.JobPart;
import dev.kanal.scheduler.engine.table.Lookup;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the groups of dead jobs, in rows of the shard: each job that is {@code DEAD} is counted in
 * the group of its last attempt's error, and in no other.
 */
public final class FailureGroups {
  private FailureGroups() {}

  /** Moves a job that changes to the group in which it is counted then. */
  public static void jobChanged(Step step, @Nullable JobRow before, @Nullable JobRow after) {
    JobRow was = before != null && before.state() == JobState.DEAD ? before : null;
    JobRow is = after != null && after.state() == JobState.DEAD ? after : null;
    if (was != null && is != null && endedAttempts(was) == endedAttempts(is)) {
      return;
    }
    if (was != null) {
      leave(step, was);
    }
    if (is != null) {
      FailureRow.Kind kind = kind(step, is);
      FailureRow known = step.get(FailureRow.TABLE, kind.group());
      long atMs = is.status().sinceMs();
      FailureRow row = known == null ? FailureRow.none(kind, atMs) : known;
      step.put(FailureRow.TABLE, kind.group(), row.with(is.id(), atMs));
    }
  }

  /** One that died before there were groups is in none. */
  private static void leave(Step step, JobRow before) {
    long group = group(step, before);
    FailureRow known = step.get(FailureRow.TABLE, group);
    if (known != null) {
      FailureRow row = known.without(before.id());
      if (row.count() > 0) {
        step.put(FailureRow.TABLE, group, row);
      } else {
        step.delete(FailureRow.TABLE, group);
      }
    }
  }

  /** Whether a job is dead of this failure. */
  public static boolean isOf(Lookup rows, JobRow row, String failure) {
    return row.state() == JobState.DEAD && text(group(rows, row)).equals(failure);
  }

  /** The group of a dead job. */
  public static long group(Lookup rows, JobRow row) {
    return kind(rows, row).group();
  }

  /** How a group is called outside. */
  public static String text(long group) {
    return HexFormat.of().toHexDigits(group);
  }

  private static int endedAttempts(JobRow row) {
    return row.status().tries().ended();
  }

  private static FailureRow.Kind kind(Lookup rows, JobRow row) {
    Reason reason = row.status().reason();
    ErrorInfo error = reason == Reason.ENGINE_ERROR ? null : lastError(rows, row);
    String type = error != null ? error.type() : reason == null ? "unknown" : reason.text();
    String message = error == null ? "" : FailureRule.normal(error.message());
    return new FailureRow.Kind(row.spec().queue(), row.spec().type(), type, message);
  }

  private static @Nullable ErrorInfo lastError(Lookup rows, JobRow row) {
    Attempt last = row.body().last();
    int ended = endedAttempts(row);
    if (last == null && ended > 0) {
      last = rows.get(ATTEMPTS, new JobPart(row.id(), ended - 1));
    }
    return last == null ? null : last.error();
  }
}
