package dev.kanal.standalone;

import static java.util.Objects.requireNonNull;

/** Why a program does not start, as a sentence that says what to do. */
final class StartProblem extends Exception {
  private static final long serialVersionUID = 1L;

  StartProblem(String message) {
    super(message);
  }

  StartProblem(String message, Throwable cause) {
    super(message, cause);
  }

  @Override
  public String getMessage() {
    return requireNonNull(super.getMessage(), "message");
  }
}
