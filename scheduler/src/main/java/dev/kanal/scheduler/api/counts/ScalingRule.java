package dev.kanal.scheduler.api.counts;

import dev.kanal.common.queue.Scaling;
import dev.kanal.common.worker.WorkerReport;
import dev.kanal.common.worker.WorkerReport.QueueUse;
import java.util.List;

/**
 * How many workers a queue is to have.
 *
 * <pre>
 *   backlog        = lag + inFlight
 *   ratePerSlot    = finished / ranSeconds, of the last minute; without any, 1 / targetSeconds
 *   neededSlots    = max(min(backlog, backlog / (ratePerSlot × targetSeconds)), inFlight)
 *   desiredWorkers = neededSlots / slots of a worker, rounded up, from minWorkers to maxWorkers
 * </pre>
 *
 * A backlog needs no more slots than it has jobs, and at least one worker, whatever {@code
 * minWorkers} is. Where nothing was measured, each job counts as if it took the whole target time.
 */
public final class ScalingRule {
  /** Of a worker of which nothing is set. */
  private static final double SLOTS_UNKNOWN = 1_000;

  private ScalingRule() {}

  /**
   * The workers of a queue, together.
   *
   * @param busySlots tasks of the queue that they run
   * @param totalSlots that tasks of the queue could have, if there were no other queues
   * @param workers that take tasks
   * @param finished tasks of the queue in the last minute
   * @param ranSeconds how long these had run
   */
  public record QueueWorkers(
      int busySlots, int totalSlots, int workers, long finished, double ranSeconds) {
    static final QueueWorkers NONE = new QueueWorkers(0, 0, 0, 0, 0);

    /** Slots of a worker that drains are not counted; what it runs is. */
    public static QueueWorkers of(String queue, List<WorkerReport> all) {
      QueueWorkers sum = NONE;
      for (WorkerReport each : all) {
        QueueUse use = each.slots().queues().get(queue);
        boolean takes = each.takes(queue);
        sum =
            new QueueWorkers(
                sum.busySlots + (use == null ? 0 : use.busy()),
                sum.totalSlots + (takes ? each.slots().total() : 0),
                sum.workers + (takes ? 1 : 0),
                sum.finished + (use == null ? 0 : use.finished()),
                sum.ranSeconds + (use == null ? 0 : use.ranSeconds()));
      }
      return sum;
    }
  }

  public static int desiredWorkers(long lag, long inFlight, QueueWorkers ofQueue, Scaling scaling) {
    long backlog = lag + inFlight;
    if (backlog == 0) {
      return scaling.minWorkers();
    }
    boolean measured = ofQueue.finished > 0 && ofQueue.ranSeconds > 0;
    double ratePerSlot =
        measured ? ofQueue.finished / ofQueue.ranSeconds : 1.0 / scaling.targetSeconds();
    double jobs = (double) backlog;
    double forBacklog = Math.min(jobs, jobs / (ratePerSlot * scaling.targetSeconds()));
    double neededSlots = Math.max(forBacklog, (double) inFlight);
    double slotsOfOne =
        ofQueue.workers == 0 ? SLOTS_UNKNOWN : (double) ofQueue.totalSlots / ofQueue.workers;
    double workers = Math.ceil(neededSlots / slotsOfOne);
    double atLeast = Math.max(1, scaling.minWorkers());
    return (int) Math.clamp(workers, atLeast, Math.max(atLeast, scaling.maxWorkers()));
  }
}
