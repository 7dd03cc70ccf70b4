package dev.kanal.common.control;

import dev.kanal.common.job.JobId;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.WorkerRef;

/** One record of {@code kanal.control}. */
public sealed interface ControlMessage {
  /**
   * The job has ended: its dispatches up to this one are not to be started any more, and a handler
   * that runs one is to be interrupted.
   */
  record CancelRun(JobId job, int dispatch) implements ControlMessage {}

  /** The worker that asked may run this dispatch. */
  record Granted(Run run) implements ControlMessage {}

  /**
   * The worker must not run it: the dispatch is over, or another worker has it. Its record is to be
   * accepted.
   */
  record Drop(Run run) implements ControlMessage {}

  /** This worker is to take no more tasks. */
  record Drain(WorkerRef worker) implements ControlMessage {}

  /** A topic of the queue was made: workers need not wait for their next look to find it. */
  record QueueMade(String queue) implements ControlMessage {}
}
