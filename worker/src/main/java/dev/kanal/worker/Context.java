package dev.kanal.worker;

import dev.kanal.common.context.Baggage;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.JobId;
import dev.kanal.worker.run.Attempt;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.api.trace.TracerProvider;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * What a handler may know of the attempt it runs. It is handed in, and in scope for everything the
 * handler calls in its thread: {@link #current()}. Usable from any thread.
 */
public interface Context {
  /** The same for every attempt: the key for making a handler's effects idempotent. */
  JobId jobId();

  String type();

  /** From 1; the same again after a snooze or a lost worker. */
  int attempt();

  /**
   * Grows every time the job is sent to a worker, and so is a fencing token: a store that has seen
   * a larger number for this job refuses this one.
   */
  int dispatch();

  /** When this attempt's time is up: by its timeout or by the job's deadline. */
  Instant deadline();

  /** The time that is left; zero once it is up. */
  Duration remaining();

  /**
   * How long the job would wait for its next attempt if this one failed: a handler that learns when
   * to come back need not {@link Snooze} for less.
   */
  default Duration backoff() {
    return Backoff.DEFAULT.after(jobId(), attempt());
  }

  /** Why the handler is interrupted, once it is. */
  Optional<InterruptCause> interruptCause();

  /**
   * Reports how far the handler is, for readers of the job. May be called often and never waits: at
   * most once a second the latest is sent, and what comes at the very end may be left out.
   *
   * @param fraction from 0 to 1
   * @param message cut to {@value dev.kanal.common.job.JobProgress#MESSAGE_MAX} characters
   * @throws IllegalArgumentException if the fraction is out of range
   */
  void progress(double fraction, @Nullable String message);

  /**
   * Whether the handler is to stop, for whatever reason: cancel, timeout, deadline, the worker's
   * stop or a lost lease; {@link #interruptCause} says which.
   */
  default boolean isCancelled() {
    return interruptCause().isPresent();
  }

  /**
   * The values that travel with the job: those of the W3C {@code baggage} header with which it was
   * submitted, decoded. What is malformed is left out, and what is beyond {@value
   * dev.kanal.common.context.Baggage#MAX} bytes.
   */
  default Map<String, String> values() {
    return Baggage.values(trace().baggage());
  }

  /** The value of this name. */
  default Optional<String> value(String name) {
    return Optional.ofNullable(values().get(name));
  }

  /**
   * Writes a line to the job's log, which is kept with the job. May be called often and never
   * waits: lines are sent once a second and when the handler ends. A job keeps the newest {@value
   * dev.kanal.common.log.LogEntry.Logged#LINES_MAX} lines, and 64 KiB; the others are counted.
   *
   * @param line cut to {@value dev.kanal.common.job.LogLine#TEXT_MAX} characters
   */
  void log(String line);

  /**
   * Submits a job, once: a repeat with the same name, by this attempt or a later one of the job,
   * returns the same id and changes nothing, whatever its options are and whatever became of the
   * child. Returns when Kafka has it.
   *
   * @param name 1 to {@value dev.kanal.common.job.ChildName#MAX} characters, the child's among
   *     those of this job
   * @throws IllegalArgumentException if the child breaks a rule that holds for every job
   * @throws IllegalStateException if the handler is to stop, or the job has 1,000 children
   * @throws ChildNotSubmittedException if Kafka has not accepted it within 10 seconds
   */
  JobId submit(String name, Child child);

  /** The trace context to pass on in what the handler calls: its place in the job's trace. */
  TraceContext trace();

  /**
   * Makes spans that stand below the attempt's, in the handler's thread; they are kept if the job's
   * trace is.
   */
  default Tracer tracer() {
    return TracerProvider.noop().get("dev.kanal");
  }

  /** The largest result, in bytes of JSON, that a job may have. */
  int resultLimit();

  /**
   * The context of the handler that runs in this thread.
   *
   * @throws IllegalStateException if none does
   */
  static Context current() {
    if (!Attempt.CURRENT.isBound()) {
      throw new IllegalStateException(
          "Expected to run inside a handler, but no context is in scope");
    }
    return Attempt.CURRENT.get();
  }
}
