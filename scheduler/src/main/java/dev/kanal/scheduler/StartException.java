package dev.kanal.scheduler;

/** A scheduler that could not start; the message is a sentence for a user. */
public final class StartException extends Exception {
  private static final long serialVersionUID = 1L;

  StartException(String message, Throwable cause) {
    super(message, cause);
  }
}
