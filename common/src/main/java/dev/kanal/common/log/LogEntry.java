package dev.kanal.common.log;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.job.Priority;
import dev.kanal.common.job.TraceContext;
import java.time.Instant;

/** One record of {@code kanal.log}. */
public sealed interface LogEntry {

  /** What the API asks for. */
  sealed interface Command extends LogEntry {}

  /** What a worker tells about one of its runs, or about itself. */
  sealed interface WorkerEvent extends LogEntry {}

  /** What a scheduler node tells its shards. */
  sealed interface EngineEvent extends LogEntry {}

  /** A new job. */
  record Submit(JobId job, JobSpec spec, TraceContext trace) implements Command {}

  /** The task runs on under a lease; its task record is acknowledged after this. */
  record Leased(Run run, Instant startedAt) implements WorkerEvent {}

  /** The attempt ended. Times are the worker's. */
  record Finished(Run run, Instant startedAt, Instant finishedAt, Outcome outcome)
      implements WorkerEvent {}

  /** The worker lives: renews every lease it holds in this shard. */
  record Heartbeat(WorkerRef worker) implements WorkerEvent {}

  /** Time has passed: the record's time is the shard's new now, and what is due is judged. */
  record Tick() implements EngineEvent {}

  /**
   * The topic of this queue and priority exists.
   *
   * @param topicId changes when the topic was deleted and made anew; what was dispatched to the old
   *     one is dispatched again
   */
  record QueueReady(String queue, Priority priority, String topicId) implements EngineEvent {}

  /** The task could not be brought to its topic; the job waits until the queue is ready again. */
  record DispatchFailed(JobId job, int dispatch, String error) implements EngineEvent {
    public static final int ERROR_MAX = 500;

    public DispatchFailed {
      error = error.length() > ERROR_MAX ? error.substring(0, ERROR_MAX) : error;
    }
  }
}
