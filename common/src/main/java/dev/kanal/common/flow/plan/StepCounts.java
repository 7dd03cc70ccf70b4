package dev.kanal.common.flow.plan;

import dev.kanal.common.job.Owner;

/**
 * The counters of a step that makes members. Whoever keeps the members keeps these: a member is
 * counted once, when it ends.
 *
 * @param width how many members the step has as far as is known: 1 for a job, the jobs of a race,
 *     the items of a map or group
 * @param launched how many of them have begun
 * @param ended how many of those have ended; part of {@code launched}
 * @param failed how many of those ended other than by success
 * @param sealed whether no more can be added
 * @param expired whether one ended by the deadline that the flow gave it
 * @param lapsed of a race: a bit for each branch whose event did not come in time
 */
public record StepCounts(
    int width, int launched, int ended, int failed, boolean sealed, boolean expired, int lapsed) {
  public StepCounts {
    if (failed < 0 || failed > ended || ended > launched || launched > width) {
      throw new IllegalArgumentException(
          "Expected failed ≤ ended ≤ launched ≤ width, but got "
              + failed
              + ", "
              + ended
              + ", "
              + launched
              + ", "
              + width);
    }
  }

  /** Of a step that has begun nothing. */
  public static StepCounts of(int width, boolean sealed) {
    return new StepCounts(width, 0, 0, 0, sealed, false, 0);
  }

  /** How many members are out: begun and not ended. */
  public int out() {
    return launched - ended;
  }

  public int succeeded() {
    return ended - failed;
  }

  /** Whether so many members may be added. */
  boolean takes(int more) {
    return !sealed && more <= Owner.INDICES - width;
  }

  public StepCounts withLaunched(int more) {
    return new StepCounts(width, launched + more, ended, failed, sealed, expired, lapsed);
  }

  /** Members have ended. */
  public StepCounts withEnded(int moreSucceeded, int moreFailed, boolean byDeadline) {
    return new StepCounts(
        width,
        launched,
        ended + moreSucceeded + moreFailed,
        failed + moreFailed,
        sealed,
        expired || byDeadline,
        lapsed);
  }

  /** Members were added, and perhaps the last of them. */
  public StepCounts withAdded(int more, boolean close) {
    return new StepCounts(width + more, launched, ended, failed, close, expired, lapsed);
  }

  public StepCounts withLapsed(int branch) {
    return new StepCounts(width, launched, ended, failed, sealed, expired, lapsed | 1 << branch);
  }

  /** Those that did not succeed are to be run again; none may be out. */
  public StepCounts again() {
    return new StepCounts(width, succeeded(), succeeded(), 0, sealed, false, 0);
  }
}
