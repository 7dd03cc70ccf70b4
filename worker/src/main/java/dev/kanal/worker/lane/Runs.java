package dev.kanal.worker.lane;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.control.ControlMessage;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.Run;
import dev.kanal.worker.report.Reporter;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Every task that this worker has: the engine's messages reach them here. At most one per slot.
 * Usable from any thread.
 */
final class Runs {
  private final Reporter reporter;
  private final RecentRuns recent;
  private final Clocks clocks;

  /** Several for one job only while an older dispatch of it still runs. */
  private final Map<JobId, List<LaneTask>> tasks = new ConcurrentHashMap<>();

  /** The only suspect that asks or runs. */
  private final AtomicReference<@Nullable LaneTask> turn = new AtomicReference<>();

  Runs(Reporter reporter, RecentRuns recent, Clocks clocks) {
    this.reporter = reporter;
    this.recent = recent;
    this.clocks = clocks;
  }

  void add(LaneTask task) {
    tasks.merge(task.task().job(), List.of(task), Runs::plus);
  }

  void remove(LaneTask task) {
    leaveTurn(task);
    tasks.computeIfPresent(task.task().job(), (_, all) -> minus(all, task));
  }

  void forEach(Consumer<LaneTask> action) {
    tasks.values().forEach(all -> all.forEach(action));
  }

  /** One suspect at a time; true if it is this task's turn. */
  boolean takeTurn(LaneTask task) {
    return turn.get() == task || turn.compareAndSet(null, task);
  }

  void leaveTurn(LaneTask task) {
    turn.compareAndSet(task, null);
  }

  void take(ControlMessage message) {
    switch (message) {
      case ControlMessage.Drain _, ControlMessage.QueueMade _ -> {}
      case ControlMessage.CancelRun(var job, var dispatch) ->
          of(job).filter(task -> task.task().dispatch() <= dispatch).forEach(LaneTask::cancel);
      case ControlMessage.Granted(var run) -> granted(run);
      case ControlMessage.Drop(var run) -> {
        if (run.worker().equals(reporter.worker())) {
          of(run).forEach(LaneTask::dropped);
        }
      }
    }
  }

  /**
   * The task that asked may have given up since: then the engine considers this worker the lease's
   * holder, and must learn that nothing runs.
   */
  private void granted(Run run) {
    if (!run.worker().equals(reporter.worker())) {
      return;
    }
    List<LaneTask> asking = of(run).toList();
    asking.forEach(LaneTask::granted);
    if (asking.isEmpty()
        && !recent.contains(run.job(), run.dispatch())
        && !reporter.holdsLease(run.job(), run.dispatch())) {
      Instant now = clocks.wall().instant();
      var why = new ErrorInfo("worker-stopped", "The worker stopped before it was answered", null);
      var handedBack = new Outcome.Snoozed(Duration.ZERO, why);
      var _ = reporter.finished(new Finished(run, now, now, handedBack));
    }
  }

  private Stream<LaneTask> of(Run run) {
    return of(run.job()).filter(task -> task.task().dispatch() == run.dispatch());
  }

  private Stream<LaneTask> of(JobId job) {
    return tasks.getOrDefault(job, List.of()).stream();
  }

  private static List<LaneTask> plus(List<LaneTask> all, List<LaneTask> more) {
    return Stream.concat(all.stream(), more.stream()).toList();
  }

  private static @Nullable List<LaneTask> minus(List<LaneTask> all, LaneTask gone) {
    if (all.size() == 1) {
      return all.getFirst() == gone ? null : all;
    }
    List<LaneTask> rest = all.stream().filter(task -> task != gone).toList();
    return rest.isEmpty() ? null : rest;
  }
}
