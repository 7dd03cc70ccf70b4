package dev.kanal.worker.lane;

import dev.kanal.common.channel.Delivery;
import dev.kanal.common.task.Suspicion;
import dev.kanal.common.task.Task;
import dev.kanal.worker.control.Cancels;

/**
 * Which tasks a worker asks about before it runs them: those that may be running elsewhere, may
 * have run, or may be cancelled where a cancel must not be missed.
 *
 * @param aboutOld whether all tasks are asked about that are older than the view of cancels: where
 *     broker and worker die together, the broker forgets what was delivered
 */
record AskRule(Cancels cancels, boolean aboutOld) {
  /**
   * @param late whether the record may have waited in a client for longer than its lock, whatever
   *     the broker counts
   */
  boolean mustAsk(Task task, Delivery<Task> delivery, boolean late) {
    return late
        || delivery.count() > 1
        || task.suspicion() != Suspicion.NONE
        || task.strict()
        || ((task.permit() || aboutOld) && !cancels.coversSince(delivery.appendedAt()));
  }
}
