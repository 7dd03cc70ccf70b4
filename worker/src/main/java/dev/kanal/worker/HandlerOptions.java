package dev.kanal.worker;

import dev.kanal.common.job.JobSpec;
import java.time.Duration;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * How a worker treats the jobs of one type. {@link #DEFAULT} is the starting point.
 *
 * <pre>{@code
 * HandlerOptions.DEFAULT.withTimeout(Duration.ofSeconds(20)).withMaxConcurrency(5)
 * }</pre>
 *
 * @param timeout the longest time that an attempt gets; {@code null} if that is up to the job
 * @param maxConcurrency how many attempts run at once in this worker
 * @param notRetryable exceptions after which trying again is of no use, with their subclasses
 * @param queues that the worker is to take tasks from; empty if the handler does not care
 */
public record HandlerOptions(
    @Nullable Duration timeout,
    int maxConcurrency,
    Set<Class<? extends Throwable>> notRetryable,
    Set<String> queues) {
  /** The longest {@link #timeout}. */
  public static final Duration TIMEOUT_MAX = Duration.ofDays(365);

  /** The largest {@link #maxConcurrency}, which is no limit: no worker has more slots. */
  public static final int CONCURRENCY_MAX = 200_000;

  /** The most queues, and the most exceptions, that can be named. */
  public static final int NAMED_MAX = 100;

  /** The job's own timeout, no limit, every exception retryable, any queue. */
  public static final HandlerOptions DEFAULT =
      new HandlerOptions(null, CONCURRENCY_MAX, Set.of(), Set.of());

  /**
   * @throws IllegalArgumentException if something is out of its bounds
   */
  public HandlerOptions {
    if (timeout != null && (!timeout.isPositive() || timeout.compareTo(TIMEOUT_MAX) > 0)) {
      throw new IllegalArgumentException(
          "Expected a timeout above zero and up to " + TIMEOUT_MAX + ", but got " + timeout);
    }
    if (maxConcurrency < 1 || maxConcurrency > CONCURRENCY_MAX) {
      throw new IllegalArgumentException(
          "Expected a concurrency of 1 to " + CONCURRENCY_MAX + ", but got " + maxConcurrency);
    }
    notRetryable = Set.copyOf(notRetryable);
    queues = Set.copyOf(queues);
    if (notRetryable.size() > NAMED_MAX || queues.size() > NAMED_MAX) {
      throw new IllegalArgumentException(
          "Expected at most "
              + NAMED_MAX
              + " exceptions and queues, but got "
              + notRetryable.size()
              + " and "
              + queues.size());
    }
    for (String queue : queues) {
      if (!JobSpec.QUEUE.matcher(queue).matches()) {
        throw new IllegalArgumentException(
            "Expected a queue that matches " + JobSpec.QUEUE + ", but got " + queue);
      }
    }
  }

  /**
   * An attempt is interrupted after this time even if its job's timeout is longer; a shorter one of
   * the job stays. Above zero, at most {@link #TIMEOUT_MAX}.
   */
  public HandlerOptions withTimeout(Duration most) {
    return new HandlerOptions(most, maxConcurrency, notRetryable, queues);
  }

  /**
   * The most attempts of the type that run at once in one worker, from 1 to {@link
   * #CONCURRENCY_MAX}: for scarce resources of a process, such as memory or connections. A task
   * beyond it is handed back and comes again after 1 to 30 seconds, to this worker or another,
   * without an attempt being counted. To bound all workers together, set the queue's {@code
   * concurrency}.
   */
  public HandlerOptions withMaxConcurrency(int most) {
    return new HandlerOptions(timeout, most, notRetryable, queues);
  }

  /**
   * An attempt that ends with one of these exceptions, or a subclass, fails the job for good. All
   * others may be tried again, up to the job's {@code maxAttempts}; a {@link JobFailed} states
   * itself whether it may.
   */
  @SafeVarargs
  public final HandlerOptions withNotRetryable(Class<? extends Throwable>... exceptions) {
    Set<Class<? extends Throwable>> types = new HashSet<>();
    for (Class<? extends Throwable> exception : exceptions) {
      types.add(exception);
    }
    return new HandlerOptions(timeout, maxConcurrency, types, queues);
  }

  /**
   * Where the jobs of the type come in. A worker without queues of its own takes tasks from those
   * of its handlers, and from all queues if none of them names any.
   */
  public HandlerOptions withQueues(String... names) {
    return new HandlerOptions(
        timeout,
        maxConcurrency,
        notRetryable,
        Arrays.stream(names).collect(Collectors.toUnmodifiableSet()));
  }
}
