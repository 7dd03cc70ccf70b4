package dev.kanal.common.channel;

import org.jspecify.annotations.Nullable;

/** A value that was not sent, or may not have been. Without a stack, as there may be many. */
public final class SendFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean ambiguous;
  private final boolean late;

  private SendFailedException(
      @Nullable String message, @Nullable Throwable cause, boolean ambiguous, boolean late) {
    super(message, cause, false, false);
    this.ambiguous = ambiguous;
    this.late = late;
  }

  public SendFailedException(String message, boolean ambiguous, Throwable cause) {
    this(message, cause, ambiguous, false);
  }

  public SendFailedException(String message) {
    this(message, null, false, false);
  }

  /** Kafka did not refuse the value, but has not accepted it in time. */
  static SendFailedException late(String message, boolean ambiguous, Throwable cause) {
    return new SendFailedException(message, cause, ambiguous, true);
  }

  /** Whether Kafka may have accepted the value nevertheless. */
  public boolean ambiguous() {
    return ambiguous;
  }

  /** Whether Kafka has not accepted it in time, rather than refused it. */
  boolean late() {
    return late;
  }
}
