package dev.kanal.worker;

import org.jspecify.annotations.Nullable;

/** Thrown by a handler: the attempt failed, for a reason that the job's readers see. */
public final class JobFailed extends Exception {
  private static final long serialVersionUID = 1L;

  private final String reason;
  private final boolean retryable;

  /**
   * @param reason short and always the same for the same failure, such as {@code card-declined};
   *     failures are grouped by it
   * @param message for a person
   * @param retryable whether the job may be tried again
   */
  public JobFailed(String reason, String message, boolean retryable) {
    this(reason, message, retryable, null);
  }

  public JobFailed(String reason, String message, boolean retryable, @Nullable Throwable cause) {
    super(message, cause);
    this.reason = reason;
    this.retryable = retryable;
  }

  public String reason() {
    return reason;
  }

  public boolean retryable() {
    return retryable;
  }
}
