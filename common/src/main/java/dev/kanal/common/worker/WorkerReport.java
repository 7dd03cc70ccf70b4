package dev.kanal.common.worker;

import dev.kanal.common.job.JobId;
import dev.kanal.common.log.WorkerRef;
import java.time.Duration;
import java.time.Instant;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/**
 * A worker's report about itself at one time.
 *
 * @param at when it was made, by the worker's clock
 * @param queues from which it takes tasks; all queues if empty
 * @param types for which it has handlers
 * @param draining it takes no more tasks
 * @param ownTopics it reads the topics that its types have of their own, once they exist
 */
public record WorkerReport(
    WorkerRef worker,
    String host,
    String version,
    Instant startedAt,
    Instant at,
    List<String> queues,
    List<String> types,
    Slots slots,
    Running running,
    Rates rates,
    boolean draining,
    boolean ownTopics) {
  /** How often a worker reports. */
  public static final Duration EVERY = Duration.ofSeconds(5);

  /** How often it sends a pulse, which says only that it lives. */
  public static final Duration PULSE_EVERY = Duration.ofSeconds(1);

  /** A worker that was not heard from for this long is gone. */
  public static final Duration GONE_AFTER = Duration.ofSeconds(20);

  /** The period that rates and the uses of queues cover. */
  public static final Duration WINDOW = Duration.ofMinutes(1);

  /** Running tasks that are named; the others are counted. */
  public static final int TASKS_MAX = 100;

  /** Types, queues to take from, and queues with their use that are named. */
  public static final int NAMES_MAX = 1_000;

  public WorkerReport {
    queues = List.copyOf(queues);
    types = List.copyOf(types);
  }

  /** Whether it takes tasks of this queue. */
  public boolean takes(String queue) {
    return !draining && (queues.isEmpty() || queues.contains(queue));
  }

  /** Whether it runs tasks of this type that come to it through this queue. */
  public boolean handles(String queue, String type) {
    return takes(queue) && types.contains(type);
  }

  /**
   * Room for tasks.
   *
   * @param total tasks that may run at once
   * @param size slots that there are now; from a few up to {@code total}
   * @param busy of these
   * @param queues those of which it runs, or has just run, tasks
   */
  public record Slots(int total, int size, int busy, Map<String, QueueUse> queues) {
    public Slots {
      queues = Collections.unmodifiableMap(new TreeMap<>(queues));
    }
  }

  /**
   * Use of a queue's slots.
   *
   * @param size slots of the queue's pool now
   * @param lag records that the worker saw waiting or running last; 0 while the queue keeps up
   * @param finished tasks that ended in the last minute
   * @param ranSeconds for how long these had run, together
   */
  public record QueueUse(int busy, int size, long lag, long finished, double ranSeconds) {}

  /**
   * Tasks that run now.
   *
   * @param count of all
   * @param oldest of them, the oldest first
   */
  public record Running(int count, List<RunningTask> oldest) {
    public Running {
      oldest = List.copyOf(oldest);
    }
  }

  /** A task that runs. */
  public record RunningTask(JobId job, String type, int attempt, String queue, Instant startedAt) {}

  /** Tasks per second over the last minute. */
  public record Rates(double started, double finished) {}
}
