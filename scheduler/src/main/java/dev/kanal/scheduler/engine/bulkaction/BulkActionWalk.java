package dev.kanal.scheduler.engine.bulkaction;

import static dev.kanal.scheduler.engine.row.Tables.BULKS;

import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.Reason;
import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.Delete;
import dev.kanal.common.log.LogEntry.Retry;
import dev.kanal.scheduler.engine.row.BulkActionRow;
import dev.kanal.scheduler.engine.row.BulkActionRow.Taken;
import dev.kanal.scheduler.engine.row.BulkActionRow.Tally;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.step.Input;
import dev.kanal.scheduler.engine.table.Rows;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * One step of a bulk action in one shard: which jobs are next, and what became of them. It passes
 * each job once, so that one that dies again is not taken again.
 */
public final class BulkActionWalk {
  /** Jobs that one step looks at. */
  static final int LOOKED_MAX = 2_000;

  private static final int LOOKED_FOR_ONE = 4;
  private static final int SEND_COST = 20;
  private static final int END_COST = 5;

  private final Rows rows;
  private final JobId id;
  private final BulkActionRow row;
  private Tally tally = Tally.NONE;
  private @Nullable JobId reached;
  private int taken;
  private int looked;
  private boolean end;

  private BulkActionWalk(Rows rows, JobId id, BulkActionRow row) {
    this.rows = rows;
    this.id = id;
    this.row = row;
    this.reached = row.reached();
    this.taken = row.taken();
  }

  public static BulkActionWalk of(Rows rows, JobId id) {
    return new BulkActionWalk(rows, id, Objects.requireNonNull(rows.get(BULKS, id), "bulk action"));
  }

  /** The next jobs to which something is to be done, up to a number. */
  public List<JobId> next(int atMost) {
    JobFilter filter = row.order().filter();
    List<JobId> jobs = filter == null ? listed(atMost) : found(filter, atMost);
    if (row.order().dryRun()) {
      tally = new Tally(jobs.size(), 0, 0, 0);
      return List.of();
    }
    return jobs;
  }

  private List<JobId> listed(int atMost) {
    List<JobId> all = row.order().jobs();
    List<JobId> next = all.subList(taken, Math.min(all.size(), taken + atMost));
    taken += next.size();
    looked = next.size();
    end = taken == all.size();
    return next;
  }

  private List<JobId> found(JobFilter filter, int atMost) {
    JobScan.Bounds bounds =
        new JobScan.Bounds(
            atMost,
            LOOKED_MAX,
            () -> {
              looked += JobScan.LOOKED_EACH;
              return false;
            });
    JobScan.Found found = new JobScan(rows, filter, reached).next(bounds);
    looked = Math.max(looked, found.jobs().size());
    reached = found.reached();
    end = reached == null;
    return found.jobs().stream().filter(this::wasThere).map(JobRow::id).toList();
  }

  /** Whether a job was there, and had ended if it has, when the action was ordered. */
  private boolean wasThere(JobRow job) {
    return job.createdMs() <= row.asOfMs()
        && (!job.state().isFinal() || job.status().sinceMs() <= row.asOfMs());
  }

  public Input command(JobId job) {
    return switch (row.order().action()) {
      case RETRY -> new Input.Entry(new Retry(job, null));
      case CANCEL -> new Input.Entry(new Cancel(job, null));
      case DELETE -> new Input.Entry(new Delete(job));
      case PURGE -> new Input.Entry(new Cancel(job, Reason.PURGED));
      case MOVE -> new Input.Move(job, Objects.requireNonNull(row.order().queue(), "queue"));
    };
  }

  /** What became of the next of the jobs. */
  public void note(boolean decided, boolean changed) {
    tally =
        tally.plus(
            new Tally(1, decided && changed ? 1 : 0, decided && !changed ? 1 : 0, decided ? 0 : 1));
  }

  /**
   * What a job costs of a step's bound. One that is sent brings some four entries to the log, and
   * whatever comes next, such as other people's jobs or a stop, stands behind them: with small
   * steps a busy shard comes to it soon.
   */
  public int jobCost() {
    if (row.order().dryRun()) {
      return 1;
    }
    return switch (row.order().action()) {
      case RETRY, MOVE -> SEND_COST;
      case CANCEL, DELETE, PURGE -> END_COST;
    };
  }

  /** How much of a step's bound this has used. */
  public int cost() {
    return Math.max(1, Math.max((int) tally.matched() * jobCost(), looked / LOOKED_FOR_ONE));
  }

  public Taken taken() {
    return new Taken(id, reached, taken, end, tally);
  }
}
