package dev.kanal.scheduler.api;

import dev.kanal.common.job.JobId;
import org.jspecify.annotations.Nullable;

/** One line of a bulk request, from its reading to its answer. */
final class BulkLine {
  final long number;
  final int bytes;
  final @Nullable JobId id;

  /** Set before {@code done}; read after it. */
  private @Nullable Problem problem;

  private volatile boolean done;

  private BulkLine(long number, int bytes, @Nullable JobId id) {
    this.number = number;
    this.bytes = bytes;
    this.id = id;
  }

  /** A line that is sent to Kafka; it is done when Kafka has answered. */
  static BulkLine sent(long number, int bytes, JobId id) {
    return new BulkLine(number, bytes, id);
  }

  static BulkLine refused(long number, Problem problem) {
    BulkLine line = new BulkLine(number, 0, null);
    line.finish(problem);
    return line;
  }

  /** From any thread. */
  void finish(@Nullable Problem why) {
    problem = why;
    done = true;
  }

  boolean isDone() {
    return done;
  }

  @Nullable Problem problem() {
    return problem;
  }
}
