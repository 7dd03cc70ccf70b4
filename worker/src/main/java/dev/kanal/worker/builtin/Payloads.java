package dev.kanal.worker.builtin;

import dev.kanal.common.job.Texts;
import dev.kanal.common.unit.Durations;
import dev.kanal.worker.JobFailed;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** Checks of payloads. */
final class Payloads {
  /** The failure reason of a payload that is JSON, but not what the handler takes. */
  static final String BAD = "bad-payload";

  private static final int SHOWN = 100;

  private Payloads() {}

  static <T> T required(String name, @Nullable T value) throws JobFailed {
    if (value == null) {
      throw bad("Expected " + name + " in the payload, but it is missing");
    }
    return value;
  }

  /** Reads a duration; one that cannot be read or is negative fails for good. */
  static Duration duration(String name, String text) throws JobFailed {
    Duration duration;
    try {
      duration = Durations.parse(text);
    } catch (IllegalArgumentException e) {
      throw bad(e.getMessage() + " as " + name + ", but got " + shown(text));
    }
    if (duration.isNegative()) {
      throw bad("Expected " + name + " of zero or more, but got " + shown(text));
    }
    return duration;
  }

  /** The beginning of a text, for messages. */
  static String shown(String text) {
    return Texts.shown(text, SHOWN);
  }

  static JobFailed bad(String message) {
    return new JobFailed(BAD, message, false);
  }
}
