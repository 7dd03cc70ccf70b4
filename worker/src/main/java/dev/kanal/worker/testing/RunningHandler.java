package dev.kanal.worker.testing;

import dev.kanal.common.clock.ManualClocks;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.LogLine;
import dev.kanal.common.job.Outcome;
import dev.kanal.worker.Handler;
import dev.kanal.worker.InterruptCause;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** An attempt that runs on a thread of its own while the test moves its time. */
public final class RunningHandler<R extends @Nullable Object> {
  private static final Duration PATIENCE = Duration.ofSeconds(10);

  private final ManualClocks clocks = new ManualClocks();
  private final List<JobProgress> progress = new CopyOnWriteArrayList<>();
  private final List<String> log = new CopyOnWriteArrayList<>();
  private final List<HandlerResult.Submitted> children = new CopyOnWriteArrayList<>();
  private final CountDownLatch called = new CountDownLatch(1);
  private final CountDownLatch finished = new CountDownLatch(1);
  private final CountDownLatch ended = new CountDownLatch(1);
  private volatile @Nullable R value;
  private volatile @Nullable Outcome outcome;
  private volatile boolean stillRunning;

  private RunningHandler() {}

  static <P extends @Nullable Object, R extends @Nullable Object> RunningHandler<R> start(
      Handler<P, R> handler,
      Function<Handler<P, R>, AttemptDriver.Setup<P>> setup,
      AttemptDriver.Call call) {
    RunningHandler<R> running = new RunningHandler<>();
    AttemptDriver driver =
        new AttemptDriver(
            setup.apply(running.watched(handler)),
            call,
            running.clocks.clocks(),
            running.listener());
    running.drive(driver);
    return running;
  }

  private @Nullable AttemptDriver driver;

  private void drive(AttemptDriver made) {
    driver = made;
    var _ = Thread.ofVirtual().name("kanal-tested-handler").start(made::run);
    await(called, "the handler to be called");
  }

  /**
   * Lets time pass; what is due by then happens: a timeout, a deadline, a report without the
   * handler's end.
   */
  public RunningHandler<R> advance(Duration time) {
    clocks.advance(time);
    driver().check();
    return this;
  }

  /** The attempt's time is up, by its timeout or its job's deadline: the handler is interrupted. */
  public RunningHandler<R> timeOut() {
    return advance(driver().remaining());
  }

  /** The job is cancelled: the handler is interrupted. */
  public RunningHandler<R> cancel() {
    return interrupt(InterruptCause.CANCELLED);
  }

  /** The worker stops and its grace time is over: the handler is interrupted. */
  public RunningHandler<R> shutDown() {
    return interrupt(InterruptCause.SHUTDOWN);
  }

  /**
   * Waits for the outcome: that of the handler's end, or the one that was reported without it.
   *
   * @throws IllegalStateException if there is none after ten seconds of real time
   */
  public HandlerResult<R> await() {
    await(finished, "the handler to end");
    Outcome how = outcome;
    if (how == null) {
      throw new IllegalStateException("Expected an outcome, but there is none");
    }
    return new HandlerResult<>(how, value, progress, log, children, stillRunning);
  }

  /** Waits until the handler runs no longer, though it may have been reported before. */
  public HandlerResult<R> awaitEnd() {
    await(ended, "the handler to end");
    return await();
  }

  private RunningHandler<R> interrupt(InterruptCause cause) {
    driver().interrupt(cause);
    return this;
  }

  private AttemptDriver driver() {
    AttemptDriver made = driver;
    if (made == null) {
      throw new IllegalStateException("Expected an attempt that was started, but it was not");
    }
    return made;
  }

  private <P extends @Nullable Object> Handler<P, R> watched(Handler<P, R> handler) {
    return (context, payload) -> {
      called.countDown();
      R returned = handler.handle(context, payload);
      value = returned;
      return returned;
    };
  }

  private AttemptDriver.Listener listener() {
    return new AttemptDriver.Listener() {
      @Override
      public void finished(Outcome how, boolean runsStill) {
        outcome = how;
        stillRunning = runsStill;
        called.countDown();
        finished.countDown();
      }

      @Override
      public void ended() {
        ended.countDown();
      }

      @Override
      public void progressed(JobProgress listener) {
        progress.add(listener);
      }

      @Override
      public void logged(List<LogLine> lines) {
        lines.forEach(line -> log.add(line.text()));
      }

      @Override
      public void submitted(HandlerResult.Submitted child) {
        children.add(child);
      }
    };
  }

  private static void await(CountDownLatch latch, String what) {
    try {
      if (!latch.await(PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw new IllegalStateException(
            "Expected " + what + " within " + PATIENCE + ", but it did not; is time to be moved?");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("Expected " + what + ", but the test was interrupted", e);
    }
  }
}
