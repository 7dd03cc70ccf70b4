package dev.kanal.scheduler.api.events;

import dev.kanal.common.bulkaction.JobFilter;
import dev.kanal.common.job.JobId;
import dev.kanal.common.task.LifecycleEvent;
import dev.kanal.common.task.LifecycleEvent.DuplicateRun;
import dev.kanal.common.task.LifecycleEvent.Transition;
import org.jspecify.annotations.Nullable;

/**
 * Which events a stream brings.
 *
 * @param job of this job only
 * @param jobs of jobs of this queue and type, when they come into one of these states
 */
record EventFilter(@Nullable JobId job, JobFilter jobs) {
  boolean isMeant(LifecycleEvent event) {
    return (job == null || job.equals(event.job()))
        && switch (event) {
          case Transition to ->
              (jobs.queue() == null || jobs.queue().equals(to.queue()))
                  && (jobs.type() == null || jobs.type().equals(to.type()))
                  && (jobs.states().isEmpty() || jobs.states().contains(to.state()));
          case DuplicateRun _ ->
              jobs.queue() == null && jobs.type() == null && jobs.states().isEmpty();
        };
  }
}
