package dev.kanal.common.job;

import java.nio.charset.StandardCharsets;
import java.time.Instant;

/**
 * A line that a handler has logged.
 *
 * @param at by the worker's clock
 * @param text cut to {@link #TEXT_MAX} characters
 */
public record LogLine(Instant at, String text) {
  public static final int TEXT_MAX = 1_000;

  public LogLine {
    text = Texts.cut(text, TEXT_MAX);
  }

  /** What it counts against the bounds. */
  public int bytes() {
    return text.getBytes(StandardCharsets.UTF_8).length;
  }
}
