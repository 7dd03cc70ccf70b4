package dev.kanal.common.job;

import java.util.Locale;

/** Why a job ended other than by success: the closed list of the API's {@code reason}. */
public enum Reason {
  /** The last of {@code maxAttempts} attempts failed. */
  ATTEMPTS_EXHAUSTED(0),
  /** The handler declared that trying again is of no use. */
  NOT_RETRYABLE(1),
  /** The workers that ran it were lost, again and again. */
  WORKER_LOST(2),
  /** The engine could not decide about it; the input is in quarantine. */
  ENGINE_ERROR(3),
  /** A purge of its queue took it. */
  PURGED(4),
  /** Its queue was deleted. */
  QUEUE_DELETED(5),
  /** The next job of its schedule took its place. */
  REPLACED(6),
  /** Its parent had already submitted the most children that a job may have. */
  TOO_MANY_CHILDREN(7),
  /** A value that its input refers to, in a flow, is not there. */
  INPUT_MISSING(8),
  /** Its input, in a flow, is larger than a payload may be. */
  INPUT_TOO_LARGE(9),
  /** The step of its flow was decided without it: more members failed than are tolerated. */
  STEP_FAILED(10),
  /** Another branch of a race succeeded first. */
  RACE_LOST(11),
  /** Its flow was cancelled. */
  FLOW_CANCELLED(12),
  /** Its flow cannot go on. */
  FLOW_FAILED(13);

  private final int code;
  private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

  Reason(int code) {
    this.code = code;
  }

  /** The number in rows, which never changes; readers take it as the place in this list. */
  public int code() {
    return code;
  }

  /** The form of the API, such as {@code attempts-exhausted}. */
  public String text() {
    return text;
  }
}
