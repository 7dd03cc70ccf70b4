package dev.kanal.worker;

/** A worker cannot start with these handlers; the message says which and why. */
public final class HandlersException extends IllegalStateException {
  private static final long serialVersionUID = 1L;

  public HandlersException(String message) {
    super(message);
  }

  public HandlersException(String message, Throwable cause) {
    super(message, cause);
  }
}
