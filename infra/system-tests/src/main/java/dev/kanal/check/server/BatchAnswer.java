package dev.kanal.check.server;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to one {@code POST /v1/jobs/bulk}. */
public sealed interface BatchAnswer {
  /**
   * The lines that came whole.
   *
   * @param brokenOff why the answer ended before its end; null if it ended as it should
   */
  record Lines(List<BatchLine> lines, @Nullable String brokenOff) implements BatchAnswer {
    public Lines {
      lines = List.copyOf(lines);
    }
  }

  /** No line was answered. */
  record Away(Answer.Away cause) implements BatchAnswer {}

  /** The whole request was refused. */
  record Refused(int status, String body) implements BatchAnswer {}
}
