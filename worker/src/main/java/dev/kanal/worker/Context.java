package dev.kanal.worker;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.TraceContext;
import java.time.Duration;
import java.time.Instant;
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
   * Grows every time the job is sent to a worker, and so fences: a store that has seen a larger
   * number for this job refuses this one.
   */
  int dispatch();

  /** When this attempt's time is up: by its timeout or by the job's deadline. */
  Instant deadline();

  /** The time that is left; zero once it is up. */
  Duration remaining();

  /** Why the handler is interrupted, once it is. */
  Optional<InterruptCause> interruptCause();

  /**
   * Tells how far the handler is, for those who look at the job. May be called often and never
   * waits: at most once a second the last of it is sent, and what comes at the very end may not be.
   *
   * @param fraction from 0 to 1
   * @param message cut to {@value dev.kanal.common.job.JobProgress#MESSAGE_MAX} characters
   * @throws IllegalArgumentException if the fraction is out of range
   */
  void progress(double fraction, @Nullable String message);

  /** The trace that the job belongs to. */
  TraceContext trace();

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
