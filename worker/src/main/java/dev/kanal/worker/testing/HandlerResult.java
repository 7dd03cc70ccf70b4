package dev.kanal.worker.testing;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Outcome;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * How an attempt went.
 *
 * @param outcome what the worker would report
 * @param value what the handler returned; {@code null} if it returned nothing or did not return
 * @param progress all progress that it reported, in order
 * @param log all lines that it logged, in order
 * @param children the jobs that it submitted, in order; a repeated name does not count twice
 * @param stillRunning the handler ignores its interrupt, and was reported without it
 */
public record HandlerResult<R extends @Nullable Object>(
    Outcome outcome,
    @Nullable R value,
    List<JobProgress> progress,
    List<String> log,
    List<Submitted> children,
    boolean stillRunning) {
  /**
   * A job that a handler submitted.
   *
   * @param name given by the handler
   * @param spec what would be submitted
   */
  public record Submitted(String name, JobId id, JobSpec spec, boolean detached) {}

  /** Copies the lists. */
  public HandlerResult {
    progress = List.copyOf(progress);
    log = List.copyOf(log);
    children = List.copyOf(children);
  }

  /**
   * What the handler returned.
   *
   * @throws IllegalStateException if the attempt did not succeed, with the outcome
   */
  public @Nullable R result() {
    var _ = json();
    return value;
  }

  /**
   * The result as readers of the job get it.
   *
   * @throws IllegalStateException if the attempt did not succeed, with the outcome
   */
  public String json() {
    if (outcome instanceof Outcome.Succeeded succeeded) {
      return succeeded.result().toString();
    }
    throw new IllegalStateException("Expected the attempt to succeed, but it was: " + outcome);
  }
}
