package dev.kanal.scheduler.engine.measure;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.task.LifecycleEvent;
import dev.kanal.common.task.LifecycleEvent.DuplicateRun;
import dev.kanal.common.task.LifecycleEvent.Transition;
import dev.kanal.common.telemetry.BoundedNames;
import dev.kanal.common.telemetry.Meters;
import dev.kanal.common.telemetry.Metric;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.stats.RunRecorder;
import io.opentelemetry.api.metrics.DoubleHistogram;
import io.opentelemetry.api.metrics.LongCounter;
import java.time.InstantSource;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/**
 * What a node's engine counts. What is decided again after a crash counts again. Usable from any
 * thread.
 */
public final class EngineMetrics {
  private static final double SECOND_MS = 1_000;
  private static final double SECOND_NANOS = 1e9;
  private static final String LOST = "lost";

  private final InstantSource clock;
  private final BoundedNames queues = new BoundedNames();
  private final DoubleHistogram lateness;
  private final DoubleHistogram waits;
  private final Meters.Series waitSeries = new Meters.Series(Metric.JOB_WAIT);
  private final DoubleHistogram commits;
  private final LongCounter rescued;
  private final LongCounter expired;
  private final LongCounter fenced;
  private final LongCounter transitions;
  private final Meters.Series transitionSeries = new Meters.Series(Metric.JOB_TRANSITIONS);

  /** Queues whose transitions are counted; no more than {@code queues} has names. */
  private final Set<String> seen = ConcurrentHashMap.newKeySet();

  /** Tasks that Kafka has taken, and those that it has not. */
  private final Map<Channel, LongAdder> sent = new ConcurrentHashMap<>();

  private final Map<Channel, LongAdder> unsent = new ConcurrentHashMap<>();

  private final RunRecorder runs;

  /**
   * @param runs takes how long things took; what is decided again is not to be counted there
   */
  public EngineMetrics(Meters meters, InstantSource clock, RunRecorder runs) {
    this.clock = clock;
    this.runs = runs;
    this.lateness = meters.histogram(Metric.TIMER_LATENESS);
    this.waits = meters.histogram(Metric.JOB_WAIT);
    this.commits = meters.histogram(Metric.ENGINE_COMMIT);
    this.rescued = meters.counter(Metric.TASKS_RESCUED);
    this.expired = meters.counter(Metric.LEASES_EXPIRED);
    this.fenced = meters.counter(Metric.RESULTS_FENCED);
    this.transitions = meters.counter(Metric.JOB_TRANSITIONS);
    // What is expected to stay at nothing is to be seen there.
    rescued.add(0);
    expired.add(0);
    fenced.add(0);
  }

  /** A task whose time had come at {@code dueMs} goes to its topic. */
  public void sentWhenDue(long dueMs) {
    lateness.record(Math.max(0, clock.millis() - dueMs) / SECOND_MS);
  }

  /** A dispatch had got lost and was sent again. */
  public void rescued() {
    rescued.add(1);
  }

  public void committed(long nanos) {
    commits.record(nanos / SECOND_NANOS);
  }

  public void published(LifecycleEvent event) {
    switch (event) {
      case Transition transition -> {
        String queue = queues.of(transition.queue());
        if (seen.add(queue)) {
          // Alerts look at how it grows, so it begins at nothing.
          transitions.add(0, transitionSeries.of(queue, JobState.DEAD.name()));
        }
        transitions.add(1, transitionSeries.of(queue, transition.state().name()));
        if (LOST.equals(transition.outcome())) {
          expired.add(1);
        }
      }
      case DuplicateRun _ -> fenced.add(1);
    }
  }

  public void ran(Effect.Ran ran) {
    Attempt attempt = ran.attempt();
    if (ran.failed()) {
      runs.failed(ran.queue());
    }
    if (attempt != null) {
      long started = attempt.startedAt().toEpochMilli();
      long waited = started - ran.freeMs();
      waits.record(Math.max(0, waited) / SECOND_MS, waitSeries.of(queues.of(ran.queue())));
      runs.attempt(ran.queue(), waited, attempt.finishedAt().toEpochMilli() - started);
    }
  }

  /** How long a job took that a user ran again is not measured: it may have lain dead for days. */
  public void closed(JobRow row) {
    boolean again = row.status().tries().forgiven() > 0;
    long since =
        switch (row.spec().start()) {
          case StartTime.Now _ -> row.createdMs();
          case StartTime.After(var delay) -> row.createdMs() + delay.toMillis();
          case StartTime.At(var time) -> Math.max(row.createdMs(), time.toEpochMilli());
        };
    long took = again ? -1 : Math.max(0, row.status().sinceMs() - since);
    runs.ended(row.spec().queue(), row.state() == JobState.SUCCEEDED, took);
  }

  public RunRecorder runs() {
    return runs;
  }

  public void sent(Channel channel, boolean taken) {
    (taken ? sent : unsent).computeIfAbsent(channel, _ -> new LongAdder()).increment();
  }

  /** Tasks that Kafka has taken, by channel. */
  public Map<Channel, LongAdder> sent() {
    return sent;
  }

  /** Tasks that Kafka has not taken, by channel. */
  public Map<Channel, LongAdder> unsent() {
    return unsent;
  }

  /** How a channel is called in metrics. */
  public static String channelName(String queue, Priority priority) {
    return "tasks." + queue + "." + priority.text();
  }
}
