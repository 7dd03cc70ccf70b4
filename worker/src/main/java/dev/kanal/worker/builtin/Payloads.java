package dev.kanal.worker.builtin;

import dev.kanal.worker.JobFailed;
import org.jspecify.annotations.Nullable;

/** What payloads must have. */
final class Payloads {
  /** The reason of a payload that is JSON, but not what the handler takes. */
  static final String BAD = "bad-payload";

  private Payloads() {}

  static <T> T required(String name, @Nullable T value) throws JobFailed {
    if (value == null) {
      throw bad("Expected " + name + " in the payload, but it is missing");
    }
    return value;
  }

  static JobFailed bad(String message) {
    return new JobFailed(BAD, message, false);
  }
}
