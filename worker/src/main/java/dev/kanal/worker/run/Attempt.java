package dev.kanal.worker.run;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import dev.kanal.common.clock.Clocks;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.ChildName;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.LogLine;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.task.Task;
import dev.kanal.common.telemetry.Hop;
import dev.kanal.worker.Child;
import dev.kanal.worker.Context;
import dev.kanal.worker.InterruptCause;
import dev.kanal.worker.JobFailed;
import dev.kanal.worker.Park;
import dev.kanal.worker.Snooze;
import dev.kanal.worker.lane.TaskRunner;
import dev.kanal.worker.trace.TaskSpan;
import io.opentelemetry.api.trace.Tracer;
import io.opentelemetry.context.Scope;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One run of a handler: on its own thread, watched by the {@link HandlerRunner}'s. Reports its
 * outcome once, and its end once.
 */
public final class Attempt implements Context, TaskRunner.Running, Runnable {
  public static final ScopedValue<Context> CURRENT = ScopedValue.newInstance();

  private static final Logger log = LoggerFactory.getLogger(Attempt.class);

  private final Task task;
  private final Registration<?> registration;
  private final TaskRunner.Listener listener;
  private final Clocks clocks;
  private final RunnerSettings settings;
  private final ProgressSender progress;
  private final LogSender logs;
  private final TaskSpan span;
  private final ChildSubmits children;
  private final Duration timeout;
  private final Instant startedAt;
  private final Instant deadline;
  private final boolean deadlineOfJob;
  private final long endNanos;
  private final AtomicBoolean reported = new AtomicBoolean();
  private final ReentrantLock lock = new ReentrantLock();

  /** Set while the handler runs; only then may the thread be interrupted. */
  @GuardedBy("lock")
  private @Nullable Thread thread;

  /** Written under lock, once. */
  private volatile @Nullable InterruptCause cause;

  /** Written under lock before {@link #cause}. */
  private volatile long interruptedNanos;

  public Attempt(
      Task task, Registration<?> registration, TaskRunner.Listener listener, RunnerParts parts) {
    this.task = task;
    this.registration = registration;
    this.listener = listener;
    this.clocks = parts.clocks();
    this.settings = parts.settings();
    this.progress = new ProgressSender(listener, settings.progressEvery(), clocks.ticker());
    this.logs = new LogSender(listener, parts);
    this.startedAt = clocks.wall().instant();
    this.span = parts.tracer().begin(task, listener.origin(), startedAt);
    this.children = new ChildSubmits(task, listener, parts.children(), span);
    this.timeout = registration.timeout(task.timeout());
    Instant byTimeout = startedAt.plus(timeout);
    Instant ofJob = task.deadline();
    this.deadlineOfJob = ofJob != null && ofJob.isBefore(byTimeout);
    this.deadline = deadlineOfJob && ofJob != null ? ofJob : byTimeout;
    long now = clocks.ticker().nanos();
    this.endNanos = now + Duration.between(startedAt, deadline).toNanos();
  }

  @Override
  public void run() {
    Hop.note(Hop.Place.STARTED, task.job());
    try {
      begin();
      Outcome outcome;
      try (Scope _ = span.context().makeCurrent();
          LineContext _ = LineContext.of(task, listener.queue(), span.travels())) {
        outcome = ScopedValue.where(CURRENT, this).call(this::outcome);
      } finally {
        end();
      }
      report(outcome, false);
    } catch (RuntimeException | Error e) {
      log.error("Running job {} failed outside of its handler", task.job(), e);
      report(new Outcome.Failed(ErrorInfo.of(e), true), false);
    } finally {
      logs.close();
      listener.ended();
    }
  }

  @Override
  public void interrupt(TaskRunner.Why why) {
    interrupt(
        switch (why) {
          case STOP -> InterruptCause.SHUTDOWN;
          case CANCEL -> InterruptCause.CANCELLED;
          case LEASE_LOST -> InterruptCause.LEASE_LOST;
        });
  }

  /** The watching thread, every few milliseconds. */
  public void check(long nowNanos) {
    InterruptCause why = cause;
    if (why == null) {
      if (nowNanos - endNanos >= 0) {
        interrupt(deadlineOfJob ? InterruptCause.DEADLINE : InterruptCause.TIMEOUT);
      }
    } else if (nowNanos - interruptedNanos > settings.stubborn().toNanos() && !reported.get()) {
      reportStubborn(why);
    }
    if (!reported.get()) {
      progress.sendDue(nowNanos);
      logs.sendDue(nowNanos);
    }
  }

  private Outcome outcome() {
    if (deadlineOfJob && clocks.ticker().nanos() - endNanos >= 0) {
      interrupt(InterruptCause.DEADLINE);
    }
    InterruptCause early = cause;
    if (early != null) {
      return interrupted(early);
    }
    try {
      Object result = registration.run(this, task.payload(), settings);
      InterruptCause why = cause;
      return why == null || !isInstead(why) ? written(result) : interrupted(why);
    } catch (UnreadablePayloadException e) {
      return new Outcome.Failed(error("unreadable-payload", String.valueOf(e.getMessage())), false);
    } catch (Throwable thrown) {
      InterruptCause why = cause;
      boolean handedOver = thrown instanceof Park && why != null && !isInstead(why);
      return why == null || handedOver ? thrown(thrown) : interrupted(why);
    }
  }

  /** Whether the interrupt is the outcome even if the handler returned nevertheless. */
  private static boolean isInstead(InterruptCause why) {
    return switch (why) {
      case TIMEOUT, DEADLINE, CANCELLED -> true;
      case SHUTDOWN, LEASE_LOST -> false;
    };
  }

  private Outcome thrown(Throwable thrown) {
    return switch (thrown) {
      case Park park -> new Outcome.Parked(park.token(), deadline);
      case Snooze snooze ->
          new Outcome.Snoozed(
              snooze.delay(), error("snoozed", String.valueOf(snooze.getMessage())));
      case JobFailed failed -> {
        ErrorInfo error = ErrorInfo.of(failed);
        yield new Outcome.Failed(
            new ErrorInfo(failed.reason(), error.message(), error.stack()), failed.retryable());
      }
      default -> new Outcome.Failed(ErrorInfo.of(thrown), registration.isRetryable(thrown));
    };
  }

  private Outcome written(@Nullable Object result) {
    try {
      JsonBytes json = settings.json().write(result, settings.resultLimit());
      return new Outcome.Succeeded(json);
    } catch (BoundedOutput.TooLargeException e) {
      return new Outcome.Failed(
          error(
              "result-too-large",
              "Expected a result of at most "
                  + settings.resultLimit()
                  + " bytes (limits.result), but it is larger"),
          false);
    } catch (IOException | RuntimeException | StackOverflowError e) {
      return new Outcome.Failed(
          error("unserialisable-result", "Expected a result that is JSON, but: " + e.getMessage()),
          false);
    }
  }

  private Outcome interrupted(InterruptCause why) {
    return interrupted(why, null);
  }

  /**
   * The outcome of an interrupted handler.
   *
   * @param stack where the handler is, if it has not ended
   */
  private Outcome interrupted(InterruptCause why, @Nullable String stack) {
    return switch (why) {
      case TIMEOUT ->
          new Outcome.TimedOut(
              error("timeout", "Expected an end within " + timeout + ", but it still ran", stack));
      case DEADLINE ->
          new Outcome.TimedOut(
              error(
                  "deadline", "Expected an end before " + deadline + ", but it still ran", stack));
      case SHUTDOWN ->
          new Outcome.Snoozed(
              Duration.ZERO,
              error("worker-stopped", "The worker stopped before the handler ended", stack));
      case CANCELLED ->
          stack == null
              ? new Outcome.Cancelled()
              : new Outcome.Cancelled(
                  error("cancelled", "Expected an end after the cancel, but it still ran", stack));
      case LEASE_LOST ->
          new Outcome.Snoozed(
              Duration.ZERO,
              error(
                  "lease-lost",
                  "The worker was cut off from Kafka for longer than its lease",
                  stack));
    };
  }

  private void reportStubborn(InterruptCause why) {
    Thread stubborn = current();
    if (stubborn == null) {
      return;
    }
    var where = new IllegalStateException("where the handler is");
    where.setStackTrace(stubborn.getStackTrace());
    if (report(interrupted(why, stack(where)), true)) {
      log.warn(
          "The handler of {} ignores its interrupt ({}); job {} keeps its slot until it ends",
          task.type(),
          why,
          task.job(),
          where);
    }
  }

  private static String stack(Throwable where) {
    return Stream.of(where.getStackTrace())
        .map(frame -> "at " + frame)
        .collect(Collectors.joining("\n"));
  }

  private boolean report(Outcome outcome, boolean stillRunning) {
    if (!reported.compareAndSet(false, true)) {
      return false;
    }
    logs.sendAll();
    Instant now = clocks.wall().instant();
    span.ended(outcome, stillRunning, now);
    listener.finished(new TaskRunner.Ending(outcome, startedAt, now, stillRunning, span));
    return true;
  }

  private void begin() {
    lock.lock();
    try {
      thread = Thread.currentThread();
      if (cause != null) {
        thread.interrupt();
      }
    } finally {
      lock.unlock();
    }
  }

  /** From here on the thread is not interrupted: it goes on to send the outcome. */
  private void end() {
    lock.lock();
    try {
      thread = null;
      var _ = Thread.interrupted();
    } finally {
      lock.unlock();
    }
  }

  private @Nullable Thread current() {
    lock.lock();
    try {
      return thread;
    } finally {
      lock.unlock();
    }
  }

  private void interrupt(InterruptCause why) {
    lock.lock();
    try {
      if (cause == null) {
        interruptedNanos = clocks.ticker().nanos();
        cause = why;
        if (thread != null) {
          thread.interrupt();
        }
      }
    } finally {
      lock.unlock();
    }
  }

  static ErrorInfo error(String type, String message) {
    return error(type, message, null);
  }

  private static ErrorInfo error(String type, String message, @Nullable String stack) {
    return new ErrorInfo(type, message, stack);
  }

  @Override
  public JobId jobId() {
    return task.job();
  }

  @Override
  public String type() {
    return task.type();
  }

  @Override
  public int attempt() {
    return task.attempt();
  }

  @Override
  public int dispatch() {
    return task.dispatch();
  }

  @Override
  public Instant deadline() {
    return deadline;
  }

  @Override
  public Duration remaining() {
    return Duration.ofNanos(Math.max(0, endNanos - clocks.ticker().nanos()));
  }

  @Override
  public Duration backoff() {
    return task.backoff();
  }

  @Override
  public Optional<InterruptCause> interruptCause() {
    return Optional.ofNullable(cause);
  }

  @Override
  public void progress(double fraction, @Nullable String message) {
    progress.set(new JobProgress(fraction, message));
  }

  @Override
  public void log(String line) {
    if (!reported.get()) {
      logs.add(new LogLine(clocks.wall().instant(), line));
    }
  }

  @Override
  public JobId submit(String name, Child child) {
    ChildName unique = new ChildName(name);
    JobId submitted = children.submitted(unique);
    if (submitted != null) {
      return submitted;
    }
    if (cause != null || reported.get()) {
      throw new IllegalStateException(
          "Expected a handler that runs on, but it is to stop (" + cause + ")");
    }
    return children.submit(unique, child);
  }

  @Override
  public TraceContext trace() {
    return span.travels();
  }

  @Override
  public Tracer tracer() {
    return span.tracer();
  }

  @Override
  public int resultLimit() {
    return settings.resultLimit();
  }
}
