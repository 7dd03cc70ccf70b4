package dev.kanal.worker.trace;

import dev.kanal.common.job.Outcome;
import dev.kanal.common.task.Task;
import dev.kanal.common.telemetry.BoundedNames;
import dev.kanal.common.telemetry.Meters;
import dev.kanal.common.telemetry.Metric;
import dev.kanal.worker.lane.TaskRunner;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import io.opentelemetry.context.Context;
import java.time.Duration;
import java.time.Instant;

/** Measures attempts, each in its own span's context, for exemplars. Usable from any thread. */
final class TaskMeters {
  private static final double NANOS = 1e9;

  private final BoundedNames queues = new BoundedNames();
  private final BoundedNames types = new BoundedNames();
  private final LongCounter attempts;
  private final Meters.Series attemptSeries = new Meters.Series(Metric.ATTEMPTS);
  private final DoubleHistogram wait;
  private final Meters.Series waitSeries = new Meters.Series(Metric.TASK_WAIT);
  private final DoubleHistogram run;
  private final Meters.Series runSeries = new Meters.Series(Metric.TASK_RUN);
  private final DoubleHistogram duration;
  private final Meters.Series durationSeries = new Meters.Series(Metric.JOB_DURATION);

  TaskMeters(Meters meters) {
    this.attempts = meters.counter(Metric.ATTEMPTS);
    this.wait = meters.histogram(Metric.TASK_WAIT);
    this.run = meters.histogram(Metric.TASK_RUN);
    this.duration = meters.histogram(Metric.JOB_DURATION);
  }

  void began(Task task, TaskRunner.Origin origin, Instant at, Context context) {
    String queue = queues.of(origin.queue());
    wait.record(seconds(task.enqueuedAt(), at), waitSeries.of(queue), context);
  }

  void ended(Measured attempt, Outcome outcome, Instant at, Context context) {
    String queue = queues.of(attempt.queue);
    String type = types.of(attempt.task.type());
    attempts.add(1, attemptSeries.of(queue, type, outcome.text()), context);
    run.record(seconds(attempt.startedAt, at), runSeries.of(queue, type), context);
    if (outcome instanceof Outcome.Succeeded) {
      Instant submitted = attempt.task.job().createdAt();
      duration.record(seconds(submitted, at), durationSeries.of(queue), context);
    }
  }

  /** An attempt under way. */
  record Measured(Task task, String queue, Instant startedAt) {}

  /** Two machines' clocks may differ a little: no duration is below zero. */
  private static double seconds(Instant from, Instant to) {
    return Math.max(0, Duration.between(from, to).toNanos()) / NANOS;
  }
}
