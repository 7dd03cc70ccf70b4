package dev.kanal.check.server;

/** One line of the answer to {@code POST /v1/jobs/bulk}. */
public sealed interface BatchLine {
  /**
   * @param line number of the request line that this answers, from 1
   */
  record Accepted(long line, String id) implements BatchLine {}

  /** The line was answered by a problem. */
  record Refused(long line, int status, String type, String detail) implements BatchLine {}

  /** The line is neither. */
  record Unreadable(String text) implements BatchLine {}
}
