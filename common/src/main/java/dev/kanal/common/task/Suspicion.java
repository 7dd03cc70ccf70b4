package dev.kanal.common.task;

/** What is to be feared of a task, after what happened to the workers that ran it before. */
public enum Suspicion {
  NONE,

  /** The worker that ran it before was lost: the next worker asks first. */
  LOST,

  /**
   * More than one worker was lost: the next worker asks first, and runs no other such task beside
   * it.
   */
  ALONE;

  /**
   * @param losses how many workers in a row were lost with the job
   */
  public static Suspicion after(int losses) {
    return switch (losses) {
      case 0 -> NONE;
      case 1 -> LOST;
      default -> ALONE;
    };
  }
}
