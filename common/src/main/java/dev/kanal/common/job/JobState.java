package dev.kanal.common.job;

import java.util.EnumSet;
import java.util.Set;

/**
 * Where a job stands.
 *
 * <pre>
 *            submit ──▶ SCHEDULED ──▶ QUEUED ◀──▶ BLOCKED
 *                          │         │ ▲  │  │       │
 *                          │  leased ▼ │  │  │       │
 *                          │      RUNNING │  └──▶ RETRYING ──▶ QUEUED | BLOCKED
 *                          │         │    │          │
 *                          ▼         ▼    ▼          ▼
 *              SUCCEEDED · DEAD · CANCELLED · EXPIRED   (DEAD, CANCELLED, EXPIRED ──▶ again by retry)
 * </pre>
 */
public enum JobState {
  /** Waits for its time. */
  SCHEDULED(0),
  /** Waits for its key, a limit, a flow, or for its queue to become ready. */
  BLOCKED(1),
  /** On its channel, or running for less than the hand-off time. */
  QUEUED(2),
  /** Runs under a lease. */
  RUNNING(3),
  /** Waits for its next attempt. */
  RETRYING(4),
  /** Final: the handler returned a result. */
  SUCCEEDED(5),
  /** Final: given up, with a {@link Reason}. */
  DEAD(6),
  /** Final: cancelled by a user, its parent or a purge. */
  CANCELLED(7),
  /** Final: its deadline passed. */
  EXPIRED(8);

  private static final Set<JobState> FINAL = EnumSet.of(SUCCEEDED, DEAD, CANCELLED, EXPIRED);

  private final int code;

  JobState(int code) {
    this.code = code;
  }

  /** The number in rows, which never changes; readers take it as the place in this list. */
  public int code() {
    return code;
  }

  /** Whether the job has ended. */
  public boolean isFinal() {
    return FINAL.contains(this);
  }

  /** Whether a job may go from this state to {@code next}. */
  public boolean canBecome(JobState next) {
    return successors().contains(next);
  }

  /**
   * The states that may follow this one. A {@code BLOCKED} job's task may be running: its sending
   * seemed to fail, and did not. A delayed job that waits for its key becomes {@code SCHEDULED}
   * when it is its turn before its time.
   */
  public Set<JobState> successors() {
    return switch (this) {
      case SCHEDULED -> EnumSet.of(BLOCKED, QUEUED, DEAD, CANCELLED, EXPIRED);
      case BLOCKED -> EnumSet.complementOf(EnumSet.of(BLOCKED));
      case QUEUED ->
          EnumSet.of(QUEUED, BLOCKED, RUNNING, RETRYING, SUCCEEDED, DEAD, CANCELLED, EXPIRED);
      case RUNNING -> EnumSet.of(BLOCKED, QUEUED, RETRYING, SUCCEEDED, DEAD, CANCELLED, EXPIRED);
      case RETRYING -> EnumSet.of(BLOCKED, QUEUED, DEAD, CANCELLED, EXPIRED);
      case SUCCEEDED -> EnumSet.noneOf(JobState.class);
      case DEAD, CANCELLED, EXPIRED -> EnumSet.of(SCHEDULED, BLOCKED, QUEUED);
    };
  }
}
