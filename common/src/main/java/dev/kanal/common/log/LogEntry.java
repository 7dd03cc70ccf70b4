package dev.kanal.common.log;

import dev.kanal.common.bulkaction.BulkActionOrder;
import dev.kanal.common.context.AttemptTrace;
import dev.kanal.common.context.TraceContext;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.LogLine;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.Reason;
import dev.kanal.common.job.StartTime;
import dev.kanal.common.job.Texts;
import dev.kanal.common.job.TokenHash;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.schedule.Precondition;
import dev.kanal.common.schedule.ScheduleSpec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One record of {@code kanal.log}. */
public sealed interface LogEntry
    permits LogEntry.Command,
        LogEntry.WorkerEvent,
        LogEntry.EngineEvent,
        LogEntry.ScheduleEntry,
        LogEntry.HandlerEntry,
        LogEntry.BulkActionEntry,
        FlowEntry {

  /** What the API asks for. */
  sealed interface Command extends LogEntry {}

  /** What a worker reports about one of its runs, or about itself. */
  sealed interface WorkerEvent extends LogEntry {}

  /** What a scheduler node reports to its shards. */
  sealed interface EngineEvent extends LogEntry {}

  /** What concerns a schedule, in the shard of its name. */
  sealed interface ScheduleEntry extends LogEntry {
    String schedule();
  }

  /**
   * Creates or replaces the schedule.
   *
   * @param trace of the request, to which the traces of its jobs are linked
   */
  record PutSchedule(String schedule, ScheduleSpec spec, Precondition condition, TraceContext trace)
      implements ScheduleEntry {
    /** A request that is in no trace. */
    public PutSchedule(String schedule, ScheduleSpec spec, Precondition condition) {
      this(schedule, spec, condition, TraceContext.NONE);
    }
  }

  /** Deletes the schedule. */
  record DeleteSchedule(String schedule, Precondition condition) implements ScheduleEntry {}

  /** The schedule's ticks are skipped from now on, or no longer. */
  record PauseSchedule(String schedule, boolean paused, Precondition condition)
      implements ScheduleEntry {}

  /** The schedule makes a job now, besides those of its ticks. */
  record TriggerSchedule(String schedule) implements ScheduleEntry {}

  /** From the shard of a schedule's job: it has ended. */
  record ScheduledJobEnded(String schedule, JobId job, JobState state, Instant at)
      implements ScheduleEntry {}

  /** What concerns handlers: what they log, and the jobs that they submit. */
  sealed interface HandlerEntry extends LogEntry {
    /** The job whose row it changes. */
    JobId job();
  }

  /**
   * Lines that a handler has logged. They follow {@code omitted} lines that were left out, and
   * those follow {@code before} others of the same run.
   */
  record Logged(Run run, long before, int omitted, List<LogLine> lines) implements HandlerEntry {
    /** The most lines, and the most that a job keeps. */
    public static final int LINES_MAX = 1_000;

    /** The most bytes of text, and the most that a job keeps. */
    public static final int BYTES_MAX = 64 * 1024;

    public Logged {
      lines = List.copyOf(lines);
      if (before < 0 || omitted < 0 || lines.size() > LINES_MAX) {
        throw new IllegalArgumentException(
            "Expected at most " + LINES_MAX + " lines, but got " + lines.size());
      }
    }

    @Override
    public JobId job() {
      return run.job();
    }
  }

  /**
   * To the parent's shard: a running handler submits a job, unless it has submitted one of this
   * name before.
   *
   * @param child its id
   * @param spec names the parent
   * @param detached it is not cancelled with its parent
   */
  record SubmitChild(
      Run run, String name, JobId child, JobSpec spec, TraceContext trace, boolean detached)
      implements HandlerEntry {
    @Override
    public JobId job() {
      return run.job();
    }
  }

  /**
   * To the child's shard: the job cannot be, and ends {@code DEAD} at once, if it has not ended.
   */
  record RefuseChild(JobId job, JobSpec spec, TraceContext trace, Reason why)
      implements HandlerEntry {}

  /** What concerns a bulk action; its id is made as a job's, and so names its home shard. */
  sealed interface BulkActionEntry extends LogEntry {
    JobId id();
  }

  /** To the home shard: the order is carried out in every shard. */
  record StartBulkAction(JobId id, BulkActionOrder order) implements BulkActionEntry {}

  /** To the home shard: what has not been done yet is left undone. */
  record StopBulkAction(JobId id) implements BulkActionEntry {}

  /**
   * From the home shard to every shard: its part.
   *
   * @param order lists only the shard's own jobs
   * @param asOf jobs that came, or ended, later are not meant
   */
  record BulkActionPart(JobId id, BulkActionOrder order, Instant asOf) implements BulkActionEntry {}

  /** From the home shard to every shard: the end of its part. */
  record StopBulkActionPart(JobId id) implements BulkActionEntry {}

  /** A new job. */
  record Submit(JobId job, JobSpec spec, TraceContext trace) implements Command {}

  /**
   * The job ends {@code CANCELLED}, if it has not ended.
   *
   * @param why null if a user asked for it
   */
  record Cancel(JobId job, @Nullable Reason why) implements Command {}

  /**
   * A job that ended without success is run again.
   *
   * @param deadline the new one; null leaves the old one, unless it has passed
   */
  record Retry(JobId job, @Nullable Instant deadline) implements Command {}

  /**
   * As {@link Retry}, with something changed.
   *
   * @param payload the new one; null leaves the old one
   * @param queue where it is run now; null leaves it where it was
   */
  record RetryChanged(
      JobId job, @Nullable Instant deadline, @Nullable JsonBytes payload, @Nullable String queue)
      implements Command {}

  /** A job that waits gets another time for its start. */
  record Reschedule(JobId job, StartTime start) implements Command {}

  /** A job that waits for its time, or for its next attempt, starts now. */
  record RunNow(JobId job) implements Command {}

  /**
   * An attempt that was {@link Outcome.Parked} ends, if the token is its own.
   *
   * @param outcome {@code Succeeded} or {@code Failed}
   */
  record Complete(JobId job, TokenHash token, Outcome outcome) implements Command {
    public Complete {
      if (!(outcome instanceof Outcome.Succeeded || outcome instanceof Outcome.Failed)) {
        throw new IllegalArgumentException(
            "Expected a result or an error to complete with, but got " + outcome.text());
      }
    }
  }

  /** A job that has ended is forgotten. */
  record Delete(JobId job) implements Command {}

  /** To the queue's home shard: creates the queue or changes its settings. */
  record PutQueue(String queue, QueueSettings settings) implements Command {}

  /** To the queue's home shard: deletes the queue. */
  record DeleteQueue(String queue) implements Command {}

  /** The task runs on under a lease; its task record is acknowledged after this. */
  record Leased(Run run, Instant startedAt) implements WorkerEvent {}

  /**
   * The attempt ended. Times are the worker's.
   *
   * @param stillRunning the handler ignores its interrupt; {@link Stopped} follows when it has
   *     ended
   * @param trace if the attempt was traced
   */
  record Finished(
      Run run,
      Instant startedAt,
      Instant finishedAt,
      Outcome outcome,
      boolean stillRunning,
      @Nullable AttemptTrace trace)
      implements WorkerEvent {
    /** The end of an attempt that was not traced. */
    public Finished(
        Run run, Instant startedAt, Instant finishedAt, Outcome outcome, boolean stillRunning) {
      this(run, startedAt, finishedAt, outcome, stillRunning, null);
    }

    /** The end of an attempt whose handler has ended, too. */
    public Finished(Run run, Instant startedAt, Instant finishedAt, Outcome outcome) {
      this(run, startedAt, finishedAt, outcome, false, null);
    }
  }

  /** The worker asks whether it may run the task; the answer stands in the control topic. */
  record AskToRun(Run run) implements WorkerEvent {}

  /** A handler that ran on after its attempt had ended has ended, too. */
  record Stopped(Run run) implements WorkerEvent {}

  /** How far a running handler says it is. */
  record Progressed(Run run, JobProgress progress) implements WorkerEvent {}

  /**
   * Every lease that the worker holds in this shard; a sign of life, too.
   *
   * @param leases at most {@link #MAX}; a worker that holds more sends none
   */
  record HeldLeases(WorkerRef worker, List<Lease> leases) implements WorkerEvent {
    public static final int MAX = 20_000;

    public HeldLeases {
      leases = List.copyOf(leases);
      if (leases.size() > MAX) {
        throw new IllegalArgumentException(
            "Expected at most " + MAX + " leases, but got " + leases.size());
      }
    }
  }

  /** The worker lives: renews every lease it holds in this shard. */
  record Heartbeat(WorkerRef worker) implements WorkerEvent {}

  /** Time has passed: the record's time is the shard's new now, and what is due is judged. */
  record Tick() implements EngineEvent {}

  /**
   * The topic of this queue and priority exists.
   *
   * @param topicId changes when the topic was deleted and created again; what was dispatched to the
   *     old one is dispatched again
   */
  record QueueReady(String queue, Priority priority, String topicId) implements EngineEvent {}

  /** The task could not be brought to its topic; the job waits until the queue is ready again. */
  record DispatchFailed(JobId job, int dispatch, String error) implements EngineEvent {
    public static final int ERROR_MAX = 500;

    public DispatchFailed {
      error = Texts.cut(error, ERROR_MAX);
    }
  }

  /**
   * From the queue's home shard to every shard.
   *
   * @param settings null if the queue was deleted
   * @param revision grows; an older one is ignored
   */
  record QueueChanged(String queue, @Nullable QueueSettings settings, long revision)
      implements EngineEvent {}

  /**
   * What another shard asks for. Comes again until it is acknowledged; what was seen is dropped.
   *
   * @param from the shard that asks
   * @param sequence from 1, without gaps, for each pair of shards
   */
  record Relayed(int from, long sequence, LogEntry entry) implements EngineEvent {}

  /** The log of shard {@code to} has everything that was relayed to it up to {@code sequence}. */
  record RelayDone(int to, long sequence) implements EngineEvent {}

  /**
   * From here on the shard is decided by these rules: what stands before is decided by the earlier
   * rules, whenever it is read again. Schedulers that do not know of rules ignore it.
   *
   * @param rules grows
   */
  record RulesChanged(int rules) implements EngineEvent {}

  /**
   * From here on the shard's log may hold entries of this format. Schedulers that do not read the
   * format, or know of none, ignore it; one that reads it notes it in the shard, and after that no
   * other opens the shard.
   *
   * @param format the number of a {@link LogFormat}; grows
   */
  record FormatActivated(int format) implements EngineEvent {}

  /**
   * Every task of this topic that was appended before {@code before} has been settled with the
   * broker: its outcome or lease stands in the log before this entry.
   */
  record Drained(String queue, Priority priority, Instant before) implements EngineEvent {}

  /**
   * The live workers of the queue, taken together, run these types and no others. Jobs of another
   * type wait until one that runs it is there.
   *
   * @param types sorted, at most {@link #MAX}; null if nothing is known of them, or if there are no
   *     workers: no job waits for one then
   */
  record TypesHandled(String queue, @Nullable List<String> types) implements EngineEvent {
    public static final int MAX = 2_000;

    public TypesHandled {
      types = types == null ? null : List.copyOf(types);
      if (types != null && types.size() > MAX) {
        throw new IllegalArgumentException(
            "Expected at most " + MAX + " types of queue " + queue + ", but got " + types.size());
      }
    }
  }
}
