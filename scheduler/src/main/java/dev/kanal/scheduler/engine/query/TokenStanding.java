package dev.kanal.scheduler.engine.query;

import static dev.kanal.scheduler.engine.row.Tables.JOBS;
import static dev.kanal.scheduler.engine.row.Tables.PARKED;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.TokenHash;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.row.ParkedRow;
import dev.kanal.scheduler.engine.table.Rows;

/** What a token that is to complete an attempt is good for. */
public enum TokenStanding {
  /** The attempt waits to be completed by it. */
  OPEN,
  /** The attempt was completed by it. */
  USED,
  /** The job's task is out, and its worker has not reported a token yet. */
  EARLY,
  /** It is not the token of the job's last parked attempt. */
  WRONG,
  /** There is nothing to be completed: none was parked, or it ended by its time or a cancel. */
  OVER;

  /** How the token stands in a shard's rows. */
  public static TokenStanding of(Rows rows, JobId id, TokenHash token) {
    JobRow row = rows.get(JOBS, id);
    if (row == null) {
      return OVER;
    }
    ParkedRow parked = rows.get(PARKED, id);
    if (parked != null && parked.token().equals(token)) {
      return parked.isOpen(row) ? OPEN : parked.completed() ? USED : OVER;
    }
    boolean out = row.state() == JobState.QUEUED || row.state() == JobState.RUNNING;
    if (out && !row.status().lease().isParked()) {
      return EARLY;
    }
    return parked == null ? OVER : WRONG;
  }
}
