package dev.kanal.worker.presence;

import dev.kanal.common.clock.Clocks;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.LogLine;
import dev.kanal.common.task.Task;
import dev.kanal.common.worker.WorkerReport.RunningTask;
import dev.kanal.worker.lane.TaskRunner;
import java.util.Collection;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;

/** Which handlers run, how many have, and how they ended. Usable from any thread. */
public final class RunTally {
  /** At most this many queues are counted separately. */
  static final int QUEUES_MAX = 1_000;

  static final String OTHER_QUEUES = "-";

  private final Clocks clocks;
  private final Set<Watched> running = ConcurrentHashMap.newKeySet();
  private final LongAdder started = new LongAdder();
  private final Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
  private final Map<String, Use> queues = new ConcurrentHashMap<>();

  /**
   * Since the start.
   *
   * @param finished whose outcome is known; also without having been started
   */
  record Counts(long nanos, long started, long finished, Map<String, QueueCounts> queues) {
    Counts {
      queues = Map.copyOf(queues);
    }
  }

  /** Of tasks that had been started. */
  record QueueCounts(int busy, long finished, long ranNanos) {
    static final QueueCounts NONE = new QueueCounts(0, 0, 0);
  }

  public RunTally(Clocks clocks) {
    this.clocks = clocks;
  }

  /** Counts a task that is about to start; its end is reported through the returned listener. */
  public TaskRunner.Listener started(Task task, TaskRunner.Listener listener) {
    String queue = listener.queue();
    Use use = use(queue);
    RunningTask shown =
        new RunningTask(task.job(), task.type(), task.attempt(), queue, clocks.wall().instant());
    Watched watched = new Watched(shown, use, clocks.ticker().nanos(), listener);
    started.increment();
    use.busy.increment();
    running.add(watched);
    return watched;
  }

  /** Counts how a task ended, also one that was not started. */
  public void counted(String outcome) {
    outcomes.computeIfAbsent(outcome, _ -> new LongAdder()).increment();
  }

  int runningCount() {
    return running.size();
  }

  /** The tasks that run longest, the oldest first. */
  List<RunningTask> oldest(int atMost) {
    Comparator<RunningTask> byAge =
        Comparator.comparing(RunningTask::startedAt).thenComparing(task -> task.job().toString());
    PriorityQueue<RunningTask> kept = new PriorityQueue<>(byAge.reversed());
    for (Watched each : running) {
      kept.add(each.task);
      if (kept.size() > atMost) {
        kept.remove();
      }
    }
    return sorted(kept, byAge);
  }

  Counts counts() {
    Map<String, QueueCounts> perQueue = new TreeMap<>();
    queues.forEach(
        (queue, use) ->
            perQueue.put(
                queue,
                new QueueCounts(use.busy.intValue(), use.finished.sum(), use.ranNanos.sum())));
    long finished = outcomes.values().stream().mapToLong(LongAdder::sum).sum();
    return new Counts(clocks.ticker().nanos(), started.sum(), finished, perQueue);
  }

  private Use use(String queue) {
    Use known = queues.get(queue);
    if (known != null) {
      return known;
    }
    String name = queues.size() < QUEUES_MAX ? queue : OTHER_QUEUES;
    return queues.computeIfAbsent(name, _ -> new Use());
  }

  private static List<RunningTask> sorted(
      Collection<RunningTask> tasks, Comparator<RunningTask> order) {
    return tasks.stream().sorted(order).toList();
  }

  /** Counts of one queue. */
  private static final class Use {
    private final LongAdder busy = new LongAdder();
    private final LongAdder finished = new LongAdder();
    private final LongAdder ranNanos = new LongAdder();
  }

  /** A running task; passes events on to its listener. Compared by identity. */
  private final class Watched implements TaskRunner.Listener {
    private final RunningTask task;
    private final Use use;
    private final long startedNanos;
    private final TaskRunner.Listener next;

    Watched(RunningTask task, Use use, long startedNanos, TaskRunner.Listener next) {
      this.task = task;
      this.use = use;
      this.startedNanos = startedNanos;
      this.next = next;
    }

    @Override
    public TaskRunner.Origin origin() {
      return next.origin();
    }

    @Override
    public void finished(TaskRunner.Ending ending) {
      counted(ending.outcome().text());
      next.finished(ending);
    }

    @Override
    public void ended() {
      if (running.remove(this)) {
        use.busy.decrement();
        use.finished.increment();
        use.ranNanos.add(clocks.ticker().nanos() - startedNanos);
      }
      next.ended();
    }

    @Override
    public boolean progressed(JobProgress progress) {
      return next.progressed(progress);
    }

    @Override
    public boolean takesLines() {
      return next.takesLines();
    }

    @Override
    public CompletableFuture<Void> logged(long before, int omitted, List<LogLine> lines) {
      return next.logged(before, omitted, lines);
    }

    @Override
    public CompletableFuture<Void> submits(TaskRunner.Submission child) {
      return next.submits(child);
    }
  }
}
