package dev.kanal.scheduler.engine;

import dev.kanal.common.job.JobId;
import dev.kanal.common.task.LifecycleEvent;
import dev.kanal.common.task.Task;

/** What a decision does to the world outside the store, once the store has it. */
sealed interface Effect {
  /** Send a task. */
  record Dispatch(Lane lane, Task task) implements Effect {}

  /** Tell the public record. */
  record Tell(LifecycleEvent event) implements Effect {}

  /** The dispatch is over: it need not be sent any more if it has not been. */
  record Settled(JobId job, int dispatch) implements Effect {}

  /** The job is final: answer those who wait for it. */
  record Ended(JobId job) implements Effect {}

  /** The lane may be sent to. */
  record Open(Lane lane) implements Effect {}

  /** There is more to do than fits one step: append another tick. */
  record Continue() implements Effect {}
}
