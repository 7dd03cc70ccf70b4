package dev.kanal.worker;

import org.jspecify.annotations.Nullable;

/**
 * Runs the jobs of one type.
 *
 * <p>One handler serves many attempts at once, each on a virtual thread of its own, which it may
 * block for as long as it likes. The thread is interrupted when the attempt's time is up and when
 * the worker stops; {@link Context#interruptCause()} says which. A job may be run more than once:
 * {@link Context#jobId()} is the same each time.
 *
 * @param <P> what the job's payload is read as, with Jackson; records do well
 * @param <R> the result, written as JSON; {@code null} if there is none
 */
@FunctionalInterface
public interface Handler<P extends @Nullable Object, R extends @Nullable Object> {
  /**
   * Runs one attempt.
   *
   * @throws JobFailed to say whether trying again is of use
   * @throws Snooze to be run again later without counting as an attempt
   * @throws Park to leave the end of the attempt to an outside service
   * @throws Exception any other means that the attempt failed and may be tried again
   */
  R handle(Context context, P payload) throws Exception;
}
