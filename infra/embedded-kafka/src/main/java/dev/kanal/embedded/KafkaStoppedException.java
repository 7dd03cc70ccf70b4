package dev.kanal.embedded;

import org.jspecify.annotations.Nullable;

/** Ends the broker thread that would have ended the process. */
final class KafkaStoppedException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  KafkaStoppedException(String message, @Nullable Throwable cause) {
    super(message, cause);
  }
}
