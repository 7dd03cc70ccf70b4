package dev.kanal.scheduler.engine.step;

import dev.kanal.common.channel.Channel;
import dev.kanal.common.control.ControlMessage;
import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.JobId;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.queue.QueueSettings;
import dev.kanal.common.task.LifecycleEvent;
import dev.kanal.common.task.Task;
import dev.kanal.scheduler.engine.row.JobRow;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a decision does to the world outside the store, once the store has it. */
public sealed interface Effect {
  /**
   * Send a task.
   *
   * @param dueMs the time for which it has waited until now; 0 if it has not waited for a time
   */
  record Dispatch(Channel channel, Task task, long dueMs) implements Effect {}

  /** An event for the public record. */
  record Event(LifecycleEvent event) implements Effect {}

  /** The dispatch is over: it need not be sent any more if it has not been. */
  record Settled(JobId job, int dispatch) implements Effect {}

  /** The job, or the flow, is final: answer those who wait for it. */
  record Ended(JobId job) implements Effect {}

  /**
   * An attempt has ended.
   *
   * @param attempt null if nobody can say how long it ran
   * @param freeMs since when it might have run
   */
  record Ran(String queue, @Nullable Attempt attempt, long freeMs, boolean failed)
      implements Effect {}

  /** A job has succeeded or died. */
  record Closed(JobRow row) implements Effect {}

  /** A job whose trace is kept was taken in. */
  record Accepted(JobRow row) implements Effect {}

  /** A job whose trace is kept has ended otherwise than by an outcome that a worker reported. */
  record EndedUnreported(JobRow before, JobRow after) implements Effect {}

  /** The channel may be sent to. */
  record Open(Channel channel) implements Effect {}

  /** A message to the workers. It may get lost: what rests on it is asked for again. */
  record Control(ControlMessage message) implements Effect {}

  /** Bring an entry to another shard, which keeps asking until it is acknowledged. */
  record Relay(int to, long sequence, LogEntry entry) implements Effect {}

  /** Publish a queue's settings: null if it was deleted. */
  record Publish(String queue, @Nullable QueueSettings settings, long revision) implements Effect {}

  /** A dispatch had got lost, which should not be able to happen; it has been sent again. */
  record Rescued(JobId job, int dispatch) implements Effect {}

  /**
   * The shard has learnt which types the queue's workers run.
   *
   * @param types null if it knows no longer
   */
  record TypesKnown(String queue, @Nullable List<String> types) implements Effect {}

  /** A worker of the queue had no handler for a task. */
  record Unhandled(String queue) implements Effect {}

  /** A channel that jobs wait for has no topic: it is to be made, or there is no such queue. */
  record Wanted(Channel channel) implements Effect {}

  /** There is more to do than fits one step: append another tick. */
  record Continue() implements Effect {}
}
