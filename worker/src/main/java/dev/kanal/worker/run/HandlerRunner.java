package dev.kanal.worker.run;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.task.Task;
import dev.kanal.worker.lane.TaskRunner;
import dev.kanal.worker.presence.RunTally;
import dev.kanal.worker.trace.TaskSpan;
import java.time.Duration;
import java.time.Instant;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.BiPredicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Runs each task's handler on a virtual thread and watches over its time. */
public final class HandlerRunner implements TaskRunner {
  private static final Logger log = LoggerFactory.getLogger(HandlerRunner.class);

  private static final long WATCH_EVERY_MS = 20;

  /** The engine knows this reason, and counts no snooze. */
  private static final String HANDLER_BUSY = "handler-busy";

  private static final Running NOTHING = _ -> {};

  private final Registry handlers;
  private final RunnerParts parts;
  private final Clocks clocks;
  private final Map<String, TypeLimit> limits = new ConcurrentHashMap<>();
  private final Set<Attempt> running = ConcurrentHashMap.newKeySet();
  private final ScheduledExecutorService timer;

  /** Whether a look at the running tasks is to come. */
  private final AtomicBoolean watching = new AtomicBoolean();

  /**
   * Since the last look: time from a task's start to its first instruction, and the number of
   * tasks.
   */
  private final LongAdder delayNanos = new LongAdder();

  private final LongAdder delays = new LongAdder();

  private final RunTally tally;

  private final BiPredicate<String, String> handledElsewhere;

  /**
   * @param timer watches over the time of what runs
   * @param handledElsewhere whether another worker runs tasks of this queue and type
   */
  public HandlerRunner(
      Registry handlers,
      RunnerParts parts,
      RunTally tally,
      ScheduledExecutorService timer,
      BiPredicate<String, String> handledElsewhere) {
    this.handlers = handlers;
    this.parts = parts;
    this.clocks = parts.clocks();
    this.tally = tally;
    this.timer = timer;
    this.handledElsewhere = handledElsewhere;
  }

  @Override
  public Running start(Task task, Listener listener) {
    Instant now = clocks.wall().instant();
    Instant deadline = task.deadline();
    if (deadline != null && !now.isBefore(deadline)) {
      return refuse(
          new Outcome.TimedOut(Attempt.error("deadline", "deadline passed before start")),
          task,
          listener);
    }
    Registration<?> registration = handlers.find(task.type());
    if (registration == null) {
      boolean announced = handledElsewhere.test(listener.queue(), task.type());
      return refuse(new Outcome.Unhandled(task.type(), announced), task, listener);
    }
    TypeLimit limit = limits.computeIfAbsent(task.type(), _ -> limit(registration));
    if (!limit.enter()) {
      return refuse(busy(task.type(), limit), task, listener);
    }
    var counted = tally.started(task, listener);
    Attempt attempt = new Attempt(task, registration, counted, parts);
    running.add(attempt);
    watchSoon();
    long startedNanos = clocks.ticker().nanos();
    var _ =
        Thread.ofVirtual()
            .name("kanal-task-" + task.job())
            .start(
                () -> {
                  delayNanos.add(clocks.ticker().nanos() - startedNanos);
                  delays.increment();
                  try {
                    attempt.run();
                  } finally {
                    limit.leave();
                    running.remove(attempt);
                  }
                });
    return attempt;
  }

  int running() {
    return running.size();
  }

  private static TypeLimit limit(Registration<?> registration) {
    return new TypeLimit(registration.options().maxConcurrency());
  }

  private Outcome busy(String type, TypeLimit limit) {
    return new Outcome.Snoozed(
        limit.refuse(clocks.ticker().nanos()),
        Attempt.error(
            HANDLER_BUSY, limit.most() + " of type " + type + " run in this worker already"));
  }

  /** The mean time that tasks have waited for a processor since the last call; one thread calls. */
  public Duration startDelay() {
    long count = delays.sumThenReset();
    long nanos = delayNanos.sumThenReset();
    return count == 0 ? Duration.ZERO : Duration.ofNanos(nanos / count);
  }

  private Running refuse(Outcome outcome, Task task, Listener listener) {
    Instant now = clocks.wall().instant();
    tally.counted(outcome.text());
    TaskSpan span = parts.tracer().begin(task, listener.origin(), now);
    span.ended(outcome, false, now);
    listener.finished(new Ending(outcome, now, now, false, span));
    listener.ended();
    return NOTHING;
  }

  private void watchSoon() {
    if (!watching.get() && watching.compareAndSet(false, true)) {
      watchLater();
    }
  }

  private void watchLater() {
    try {
      var _ = timer.schedule(this::watch, WATCH_EVERY_MS, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException _) {
      log.debug("The worker is closed, so nobody watches over the time of what still runs");
    }
  }

  /** Ends with the last task: a worker without tasks wakes nobody. */
  private void watch() {
    long now = clocks.ticker().nanos();
    running.forEach(attempt -> check(attempt, now));
    if (running.isEmpty()) {
      watching.set(false);
      if (!running.isEmpty()) {
        watchSoon();
      }
    } else {
      watchLater();
    }
  }

  private static void check(Attempt attempt, long now) {
    try {
      attempt.check(now);
    } catch (RuntimeException e) {
      log.error("Expected to watch over job {}, but: {}", attempt.jobId(), e.toString(), e);
    }
  }
}
