package dev.kanal.scheduler.api.batch;

import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.core.buffer.Buffer;

/** One line of a batch upload, from its reading to its answer. */
final class BatchLine {
  final long number;
  final int bytes;

  private volatile Answer answer = new Pending();

  private BatchLine(long number, int bytes) {
    this.number = number;
    this.bytes = bytes;
  }

  /** What is said of a line. */
  sealed interface Answer {}

  /** Nothing yet. */
  record Pending() implements Answer {}

  /** The line's job; it may be that of an earlier submit. */
  record Taken(JobId job, boolean replayed) implements Answer {}

  record Refused(Problem problem) implements Answer {}

  /** What another node says of it: the line of its answer behind the number. */
  record PassedBack(Buffer rest) implements Answer {}

  /** A line that is sent to Kafka or to another node; it is done when that has answered. */
  static BatchLine sent(long number, int bytes) {
    return new BatchLine(number, bytes);
  }

  static BatchLine refused(long number, Problem problem) {
    BatchLine line = new BatchLine(number, 0);
    line.finish(new Refused(problem));
    return line;
  }

  /** From any thread. */
  void finish(Answer what) {
    answer = what;
  }

  boolean isDone() {
    return !(answer instanceof Pending);
  }

  Answer answer() {
    return answer;
  }
}
