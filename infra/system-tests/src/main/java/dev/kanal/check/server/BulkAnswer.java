package dev.kanal.check.server;

import java.util.List;
import org.jspecify.annotations.Nullable;

/** The answer to one {@code POST /v1/jobs/bulk}. */
public sealed interface BulkAnswer {
  /**
   * The lines that came whole.
   *
   * @param brokenOff why the answer ended before its end; null if it ended as it should
   */
  record Lines(List<BulkLine> lines, @Nullable String brokenOff) implements BulkAnswer {
    public Lines {
      lines = List.copyOf(lines);
    }
  }

  /** No line was answered. */
  record Away(Answer.Away cause) implements BulkAnswer {}

  /** The whole request was refused. */
  record Refused(int status, String body) implements BulkAnswer {}
}
