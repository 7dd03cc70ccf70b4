package dev.kanal.check.server;

/** A check cannot go on. The message is one line that says what to do about it. */
public final class CheckStopped extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public CheckStopped(String message) {
    super(message);
  }
}
