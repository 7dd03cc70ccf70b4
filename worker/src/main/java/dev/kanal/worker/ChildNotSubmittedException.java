package dev.kanal.worker;

import org.jspecify.annotations.Nullable;

/**
 * Kafka did not accept a child in time; it may exist nevertheless. A handler that does not catch
 * this fails, and is run again: a child of the same name is submitted once.
 */
public final class ChildNotSubmittedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  public ChildNotSubmittedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
