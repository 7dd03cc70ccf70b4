package dev.kanal.common.schedule;

import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.StartTime;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * A schedule as a user submits it.
 *
 * @param job what each tick submits: starts at once, without deadline and idempotency key
 * @param startingDeadline a tick that is seen later than this after its time is skipped; null
 *     without limit
 * @param paused ticks are skipped until it is resumed
 */
public record ScheduleSpec(
    Cadence cadence,
    JobSpec job,
    Misfire misfire,
    @Nullable Duration startingDeadline,
    ConcurrencyPolicy concurrency,
    boolean paused) {
  public static final Duration STARTING_DEADLINE_MIN = Duration.ofSeconds(1);
  public static final Duration STARTING_DEADLINE_MAX = Duration.ofDays(366);

  public ScheduleSpec {
    if (!(job.start() instanceof StartTime.Now)) {
      throw new IllegalArgumentException(
          "Expected the job of a schedule to start at once, but it has a delay or runAt");
    }
    if (job.deadline() != null) {
      throw new IllegalArgumentException(
          "Expected the job of a schedule without deadline, but got " + job.deadline());
    }
    if (job.idempotency() != null || job.tick() != null) {
      throw new IllegalArgumentException(
          "Expected the job of a schedule without idempotencyKey, which each tick brings itself,"
              + " but it has one");
    }
    if (startingDeadline != null
        && (startingDeadline.compareTo(STARTING_DEADLINE_MIN) < 0
            || startingDeadline.compareTo(STARTING_DEADLINE_MAX) > 0)) {
      throw new IllegalArgumentException(
          "Expected startingDeadline from "
              + STARTING_DEADLINE_MIN
              + " to "
              + STARTING_DEADLINE_MAX
              + ", but got "
              + startingDeadline);
    }
  }

  /** A schedule with every default of the API. */
  public static ScheduleSpec of(Cadence cadence, JobSpec job) {
    return new ScheduleSpec(cadence, job, Misfire.DEFAULT, null, ConcurrencyPolicy.ALLOW, false);
  }

  public ScheduleSpec withMisfire(Misfire other) {
    return new ScheduleSpec(cadence, job, other, startingDeadline, concurrency, paused);
  }

  public ScheduleSpec withStartingDeadline(@Nullable Duration other) {
    return new ScheduleSpec(cadence, job, misfire, other, concurrency, paused);
  }

  public ScheduleSpec withConcurrency(ConcurrencyPolicy other) {
    return new ScheduleSpec(cadence, job, misfire, startingDeadline, other, paused);
  }

  public ScheduleSpec withPaused(boolean other) {
    return new ScheduleSpec(cadence, job, misfire, startingDeadline, concurrency, other);
  }
}
