package dev.kanal.common.job;

import java.util.Locale;

/** Why a job ended other than by success: the closed list of the API's {@code reason}. */
public enum Reason {
  /** The last of {@code maxAttempts} attempts failed. */
  ATTEMPTS_EXHAUSTED,
  /** The handler said that trying again is of no use. */
  NOT_RETRYABLE,
  /** The workers that ran it were lost, again and again. */
  WORKER_LOST,
  /** The engine could not decide about it; the input is in quarantine. */
  ENGINE_ERROR;

  private final String text = name().toLowerCase(Locale.ROOT).replace('_', '-');

  /** The form of the API, such as {@code attempts-exhausted}. */
  public String text() {
    return text;
  }
}
