package dev.kanal.worker;

/** Why a handler is interrupted. */
public enum InterruptCause {
  /** The attempt has taken longer than the job's timeout. */
  TIMEOUT,
  /** The job's deadline has passed. */
  DEADLINE,
  /** The worker stops; the job will be run elsewhere. */
  SHUTDOWN
}
