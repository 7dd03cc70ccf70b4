package dev.kanal.scheduler.engine.query;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobState;
import dev.kanal.scheduler.engine.row.KeyRow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Why a job waits, as its shard's rows have it.
 *
 * @param since when it came into its state
 * @param until when it is over at the earliest, where that is known
 * @param line where it stands; null where there is no line, and in lists
 * @param holders who holds what it waits for; null where nobody does, and in lists
 */
public record WaitsFor(
    WaitCause cause,
    Instant since,
    @Nullable Instant until,
    @Nullable Line line,
    @Nullable Holders holders) {

  /**
   * A job's place in line.
   *
   * @param place 1 for the next
   * @param beyond the place is known to be greater, and not by how much
   */
  public record Line(long place, boolean beyond) {
    /** Places up to this one are exact. */
    public static final int EXACT_MAX = 1_000;
  }

  /**
   * The jobs in the way.
   *
   * @param held permits that are taken
   * @param limit permits that there are
   * @param some of those that have them, at most {@link #MAX}
   */
  public record Holders(long held, long limit, List<Holder> some) {
    public static final int MAX = KeyRow.HOLDERS_MAX;

    public Holders {
      some = List.copyOf(some);
    }
  }

  /**
   * A job that holds a permit.
   *
   * @param worker that runs it under a lease, if one does
   */
  public record Holder(JobId job, JobState state, @Nullable String worker) {}
}
