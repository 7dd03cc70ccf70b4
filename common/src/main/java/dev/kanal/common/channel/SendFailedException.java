package dev.kanal.common.channel;

/** A value that was not sent, or may not have been. */
public final class SendFailedException extends Exception {
  private static final long serialVersionUID = 1L;

  private final boolean ambiguous;

  public SendFailedException(String message, boolean ambiguous, Throwable cause) {
    super(message, cause);
    this.ambiguous = ambiguous;
  }

  public SendFailedException(String message) {
    super(message);
    this.ambiguous = false;
  }

  /** Whether Kafka may have taken the value all the same. */
  public boolean ambiguous() {
    return ambiguous;
  }
}
