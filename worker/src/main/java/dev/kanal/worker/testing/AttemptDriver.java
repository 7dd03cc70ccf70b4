package dev.kanal.worker.testing;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.LogLine;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.task.Past;
import dev.kanal.common.task.Suspicion;
import dev.kanal.common.task.Task;
import dev.kanal.worker.Handler;
import dev.kanal.worker.HandlerOptions;
import dev.kanal.worker.Interceptor;
import dev.kanal.worker.InterruptCause;
import dev.kanal.worker.lane.TaskRunner;
import dev.kanal.worker.report.LogBudget;
import dev.kanal.worker.run.Attempt;
import dev.kanal.worker.run.ChildLimits;
import dev.kanal.worker.run.ChildRules;
import dev.kanal.worker.run.Json;
import dev.kanal.worker.run.Registration;
import dev.kanal.worker.run.RunnerParts;
import dev.kanal.worker.run.RunnerSettings;
import dev.kanal.worker.trace.TaskTracer;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/** One attempt as a worker runs it, but driven by hand. Usable from any thread. */
final class AttemptDriver {
  private final Attempt attempt;
  private final Clocks clocks;

  /**
   * The handler and what goes around it.
   *
   * @param interceptors the outermost first
   */
  record Setup<P extends @Nullable Object>(
      String type,
      Class<P> payloadType,
      Handler<P, ?> handler,
      HandlerOptions options,
      List<Interceptor> interceptors) {
    /** Copies the interceptors. */
    Setup {
      interceptors = List.copyOf(interceptors);
    }
  }

  /** The attempt's place in the life of its job. */
  record Call(
      JobId job,
      int attempt,
      int dispatch,
      Duration timeout,
      @Nullable Instant deadline,
      JsonBytes payload) {}

  /** Receives how the attempt goes, from the handler's thread or the driving one. */
  interface Listener {
    /** The outcome; once. */
    void finished(Outcome outcome, boolean stillRunning);

    /** The handler runs no longer; once, after {@link #finished}. */
    void ended();

    /** Each progress. */
    void progressed(JobProgress progress);

    /** Lines that the handler logged, in order; the last of them come before the outcome. */
    void logged(List<LogLine> lines);

    /** A job that the handler submits. */
    void submitted(HandlerResult.Submitted child);
  }

  <P extends @Nullable Object> AttemptDriver(
      Setup<P> setup, Call call, Clocks clocks, Listener listener) {
    this.clocks = clocks;
    RunnerSettings settings = RunnerSettings.DEFAULT.withProgressEvery(Duration.ZERO);
    for (Interceptor interceptor : setup.interceptors()) {
      settings = settings.plus(interceptor);
    }
    this.attempt =
        new Attempt(
            task(setup.type(), call, clocks),
            Registration.of(setup.type(), setup.payloadType(), setup.handler(), setup.options()),
            listener(listener),
            new RunnerParts(
                clocks, settings, new LogBudget(LogBudget.DEFAULT), children(), TaskTracer.OFF));
  }

  /** Writes a value as a worker would write a result. */
  static JsonBytes json(@Nullable Object value) throws java.io.IOException {
    return Json.DEFAULT.write(value, Integer.MAX_VALUE);
  }

  /** Runs the attempt in this thread, to its end. */
  void run() {
    attempt.run();
  }

  /** Looks at the clocks, as a worker does every few milliseconds. */
  void check() {
    attempt.check(clocks.ticker().nanos());
  }

  /** The time that the attempt has left. */
  Duration remaining() {
    return attempt.remaining();
  }

  /** Interrupts the handler for the cause; those that are matters of time come by the clocks. */
  void interrupt(InterruptCause cause) {
    attempt.interrupt(
        switch (cause) {
          case CANCELLED -> TaskRunner.Why.CANCEL;
          case SHUTDOWN -> TaskRunner.Why.STOP;
          case LEASE_LOST -> TaskRunner.Why.LEASE_LOST;
          case TIMEOUT, DEADLINE ->
              throw new IllegalArgumentException(
                  "Expected a cause other than time, but got " + cause);
        });
  }

  private static Task task(String type, Call call, Clocks clocks) {
    return new Task(
        call.job(),
        type,
        call.attempt(),
        call.dispatch(),
        Suspicion.NONE,
        false,
        false,
        call.timeout(),
        call.deadline(),
        clocks.wall().instant(),
        TraceContext.NONE,
        call.payload(),
        null,
        Past.NONE,
        Backoff.DEFAULT.after(call.job(), call.attempt()));
  }

  /** As in an installation with one shard and default limits, where every queue is a plain one. */
  private static ChildRules children() {
    ChildLimits limits = ChildLimits.DEFAULT;
    return new ChildRules(() -> 1, _ -> null, "kanal.log", limits.payload(), limits.tags());
  }

  private static TaskRunner.Listener listener(Listener listener) {
    return new TaskRunner.Listener() {
      @Override
      public TaskRunner.Origin origin() {
        return new TaskRunner.Origin("kanal.tasks." + JobSpec.DEFAULT_QUEUE + ".normal", 0, 0);
      }

      @Override
      public void finished(TaskRunner.Ending ending) {
        listener.finished(ending.outcome(), ending.stillRunning());
      }

      @Override
      public void ended() {
        listener.ended();
      }

      @Override
      public boolean progressed(JobProgress progress) {
        listener.progressed(progress);
        return true;
      }

      @Override
      public boolean takesLines() {
        return true;
      }

      @Override
      public CompletableFuture<Void> logged(long before, int omitted, List<LogLine> lines) {
        listener.logged(lines);
        return CompletableFuture.completedFuture(null);
      }

      @Override
      public CompletableFuture<Void> submits(TaskRunner.Submission child) {
        listener.submitted(
            new HandlerResult.Submitted(
                child.name(), child.child(), child.spec(), child.detached()));
        return CompletableFuture.completedFuture(null);
      }
    };
  }
}
