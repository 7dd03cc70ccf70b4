package dev.kanal.worker;

/** Why a handler is interrupted. */
public enum InterruptCause {
  /** The attempt has taken longer than the job's timeout. */
  TIMEOUT,
  /** The job's deadline has passed. */
  DEADLINE,
  /** The worker stops; the job will be run elsewhere. */
  SHUTDOWN,
  /** The job was cancelled. */
  CANCELLED,
  /**
   * The worker has been cut off from Kafka for so long that another may run the job by now; only
   * for jobs with a key or of a limited queue.
   */
  LEASE_LOST
}
