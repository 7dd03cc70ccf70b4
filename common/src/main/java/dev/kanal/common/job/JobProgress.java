package dev.kanal.common.job;

import org.jspecify.annotations.Nullable;

/**
 * How far a running handler says it is.
 *
 * @param fraction from 0 to 1
 * @param message cut to {@link #MESSAGE_MAX} characters
 */
public record JobProgress(double fraction, @Nullable String message) {
  public static final int MESSAGE_MAX = 200;

  public JobProgress {
    if (!(fraction >= 0 && fraction <= 1)) {
      throw new IllegalArgumentException("Expected a fraction from 0 to 1, but got " + fraction);
    }
    message = message == null ? null : Texts.cut(message, MESSAGE_MAX);
  }
}
