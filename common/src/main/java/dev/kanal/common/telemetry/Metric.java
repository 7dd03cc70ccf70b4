package dev.kanal.common.telemetry;

import static dev.kanal.common.telemetry.Label.CAUSE;
import static dev.kanal.common.telemetry.Label.CHANNEL;
import static dev.kanal.common.telemetry.Label.METHOD;
import static dev.kanal.common.telemetry.Label.OUTCOME;
import static dev.kanal.common.telemetry.Label.PRIORITY;
import static dev.kanal.common.telemetry.Label.QUEUE;
import static dev.kanal.common.telemetry.Label.REASON;
import static dev.kanal.common.telemetry.Label.ROUTE;
import static dev.kanal.common.telemetry.Label.SHARD;
import static dev.kanal.common.telemetry.Label.SLOTS;
import static dev.kanal.common.telemetry.Label.STATE;
import static dev.kanal.common.telemetry.Label.STATUS;
import static dev.kanal.common.telemetry.Label.TYPE;

import java.util.List;

/** Every metric that Kanal itself makes. Those of the JVM and of Kafka's clients come beside. */
public enum Metric {
  HTTP_DURATION(
      "http.server.request.duration",
      Kind.HISTOGRAM,
      "s",
      "Time from a call's headers to the end of its answer, waiting included.",
      METHOD,
      ROUTE,
      STATUS),
  HTTP_ACTIVE("http.server.active_requests", Kind.UP_DOWN, "{request}", "Calls under way.", METHOD),

  CHANNEL_SENT(
      "kanal.channel.sent", Kind.COUNTER, "{message}", "Messages that Kafka has taken.", CHANNEL),
  CHANNEL_SEND_FAILURES(
      "kanal.channel.send_failures",
      Kind.COUNTER,
      "{message}",
      "Messages that Kafka has not taken, or may not have taken.",
      CHANNEL),
  CHANNEL_RECEIVED(
      "kanal.channel.received", Kind.COUNTER, "{message}", "Messages received.", CHANNEL),
  CHANNEL_LENGTH(
      "kanal.channel.length",
      Kind.GAUGE,
      "{message}",
      "Messages in the channel: of `tasks.*` the jobs that are QUEUED, of others those on their way"
          + " to Kafka.",
      CHANNEL),
  CHANNEL_CAPACITY(
      "kanal.channel.capacity",
      Kind.GAUGE,
      "{message}",
      "The most that the channel takes: of `tasks.*.normal` the capacity of the queue, which all"
          + " its priorities share.",
      CHANNEL),

  KAFKA_AWAY(
      "kanal.kafka.away",
      Kind.GAUGE,
      "s",
      "For how long Kafka has been out of reach of a scheduler; 0 while it is not."),

  QUEUE_LAG(
      "kanal.queue.lag",
      Kind.GAUGE,
      "{job}",
      "Jobs that are QUEUED, of this node.",
      QUEUE,
      PRIORITY),
  QUEUE_AGE(
      "kanal.queue.oldest_age",
      Kind.GAUGE,
      "s",
      "How long ago the oldest of them was sent; 0 if there is none.",
      QUEUE),
  QUEUE_BLOCKED(
      "kanal.queue.blocked",
      Kind.GAUGE,
      "{job}",
      "Jobs that are BLOCKED, of this node, by what holds them: `key`, `run`, `concurrency`,"
          + " `rate`, `paused`, `topic`, `turn`, `type`, as in docs/STATES.md.",
      QUEUE,
      CAUSE),
  QUEUE_BLOCKED_AGE(
      "kanal.queue.blocked_oldest_age",
      Kind.GAUGE,
      "s",
      "For how long the oldest of them has been BLOCKED.",
      QUEUE,
      CAUSE),
  QUEUE_WORKERS(
      "kanal.queue.workers",
      Kind.GAUGE,
      "{worker}",
      "Live workers of the whole installation that take the queue's tasks: for queues in which"
          + " something waits or runs.",
      QUEUE),
  QUEUE_GROUP_LAG(
      "kanal.queue.group_lag",
      Kind.GAUGE,
      "{record}",
      "Task records of the whole installation that workers have not settled, as the brokers know it"
          + " ten seconds ago at most, and no more than there are: a check of the engine's own"
          + " count.",
      QUEUE),
  QUEUE_JOBS("kanal.queue.jobs", Kind.GAUGE, "{job}", "Jobs of this node.", QUEUE, STATE),
  JOB_TRANSITIONS(
      "kanal.job.transitions", Kind.COUNTER, "{job}", "Jobs that came into a state.", QUEUE, STATE),

  JOB_WAIT(
      "kanal.job.wait",
      Kind.HISTOGRAM,
      "s",
      "Queue wait: from when an attempt might have started, as its time had come, to its start."
          + " Holds the time that its job was BLOCKED.",
      QUEUE),
  TIMER_LATENESS(
      "kanal.timer.lateness",
      Kind.HISTOGRAM,
      "s",
      "From the time for which a job waited to the sending of its task."),
  TASKS_RESCUED(
      "kanal.tasks.rescued",
      Kind.COUNTER,
      "{task}",
      "Tasks that were lost and sent again; expected to be none."),
  LEASES_EXPIRED(
      "kanal.leases.expired", Kind.COUNTER, "{lease}", "Leases whose worker fell silent."),
  RESULTS_FENCED(
      "kanal.results.fenced",
      Kind.COUNTER,
      "{result}",
      "Outcomes of dispatches that no longer counted: runs that were not the only one."),

  ENGINE_RECORDS("kanal.engine.records", Kind.COUNTER, "{record}", "Records decided about.", SHARD),
  ENGINE_LAG(
      "kanal.engine.lag",
      Kind.GAUGE,
      "{record}",
      "Records in the shard's log that are not decided about yet, a second ago at most.",
      SHARD),
  ENGINE_BEHIND(
      "kanal.engine.shards_behind",
      Kind.GAUGE,
      "{shard}",
      "Shards of this node that are not up to date with their logs: their jobs wait."),
  ENGINE_COMMIT("kanal.engine.commit", Kind.HISTOGRAM, "s", "Time that a commit takes."),
  ENGINE_STORE(
      "kanal.engine.store.size", Kind.GAUGE, "By", "Bytes of the shards' rows on the disk."),

  WORKER_SLOTS("kanal.worker.slots", Kind.GAUGE, "{slot}", "Slots of the worker.", SLOTS),
  POOL_SIZE("kanal.worker.pool.size", Kind.GAUGE, "{slot}", "Slots that a queue has now.", QUEUE),
  POOL_BUSY("kanal.worker.pool.busy", Kind.GAUGE, "{slot}", "Slots of a queue in use.", QUEUE),
  POOL_DECISIONS(
      "kanal.worker.pool.decisions",
      Kind.COUNTER,
      "{decision}",
      "Looks at a queue's size, by what decided it: `steady`, `lag`, `age`, `idle`, `cpu`,"
          + " `memory`, `min`, `max`, `share`, as in docs/architecture/worker.md, The pool.",
      REASON),
  SLOTS_RELEASED(
      "kanal.worker.slots.released",
      Kind.COUNTER,
      "{slot}",
      "Slots that became free, by why: `finished`, `dropped`, `given-back`, `unreadable`, `copy`.",
      REASON),
  ATTEMPTS(
      "kanal.attempts",
      Kind.COUNTER,
      "{attempt}",
      "Attempts that ended in this worker.",
      QUEUE,
      TYPE,
      OUTCOME),
  TASK_WAIT(
      "kanal.task.wait",
      Kind.HISTOGRAM,
      "s",
      "From the sending of a task to its start, by two machines' clocks. Of the queue wait, the"
          + " part after any block.",
      QUEUE),
  TASK_RUN("kanal.task.run", Kind.HISTOGRAM, "s", "Time that a handler ran.", QUEUE, TYPE),
  JOB_DURATION(
      "kanal.job.duration",
      Kind.HISTOGRAM,
      "s",
      "From the submit of a job to its success, whatever it waited for, by two machines' clocks.",
      QUEUE),
  WORKER_LEASES("kanal.worker.leases", Kind.GAUGE, "{lease}", "Leases that the worker holds."),
  WORKER_STALLED(
      "kanal.worker.stalled",
      Kind.GAUGE,
      "s",
      "For how long Kafka has taken no event, if any waits.");

  /** From a millisecond to an hour, twenty steps: what waits and runs in a scheduler. */
  static final List<Double> SECONDS =
      List.of(
          0.001, 0.002, 0.005, 0.01, 0.02, 0.05, 0.1, 0.2, 0.5, 1.0, 2.0, 5.0, 10.0, 30.0, 60.0,
          120.0, 300.0, 600.0, 1_800.0, 3_600.0);

  private final String text;
  private final Kind kind;
  private final String unit;
  private final String meaning;
  private final List<Label> labels;

  Metric(String text, Kind kind, String unit, String meaning, Label... labels) {
    this.text = text;
    this.kind = kind;
    this.unit = unit;
    this.meaning = meaning;
    this.labels = List.of(labels);
  }

  /** The kinds of metrics. */
  public enum Kind {
    COUNTER("counter"),
    UP_DOWN("up-down counter"),
    GAUGE("gauge"),
    HISTOGRAM("histogram");

    private final String text;

    Kind(String text) {
      this.text = text;
    }

    String text() {
      return text;
    }
  }

  /** The name in OpenTelemetry. */
  public String text() {
    return text;
  }

  /** The name in Prometheus. */
  public String prometheus() {
    String name = text.replace('.', '_');
    String inUnit =
        switch (unit) {
          case "s" -> name + "_seconds";
          case "By" -> name + "_bytes";
          default -> name;
        };
    return kind == Kind.COUNTER ? inUnit + "_total" : inUnit;
  }

  public Kind kind() {
    return kind;
  }

  public String unit() {
    return unit;
  }

  public String meaning() {
    return meaning;
  }

  public List<Label> labels() {
    return labels;
  }
}
