package dev.kanal.common.binary;

/** Bytes that are not what they should be. */
public final class UnreadableException extends IllegalArgumentException {
  private static final long serialVersionUID = 1L;

  public UnreadableException(String message) {
    super(message);
  }

  public UnreadableException(String message, Throwable cause) {
    super(message, cause);
  }
}
