package dev.kanal.scheduler.engine.reference;

import dev.kanal.common.control.ControlMessage;
import dev.kanal.common.control.ControlMessage.CancelRun;
import dev.kanal.common.control.ControlMessage.Drop;
import dev.kanal.common.control.ControlMessage.Granted;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.log.Lease;
import dev.kanal.common.log.LogEntry;
import dev.kanal.common.log.LogEntry.AskToRun;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.Heartbeat;
import dev.kanal.common.log.LogEntry.HeldLeases;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.Stopped;
import dev.kanal.common.log.Run;
import dev.kanal.common.log.WorkerRef;
import dev.kanal.common.task.Suspicion;
import dev.kanal.common.task.Task;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Deque;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** A worker as a small state machine over the tasks that it was given. */
final class ModelWorker {
  private static final long HEARTBEAT_MS = 5_000;
  private static final int LISTS_EVERY = 6;

  private final String name;
  private final ModelWorld world;
  private final Map<Lease, Holding> runs = new LinkedHashMap<>();
  private final Map<JobId, Integer> cancelled = new HashMap<>();
  private final Set<Lease> recent = new HashSet<>();
  private final Deque<ControlMessage> inbox = new ArrayDeque<>();
  private WorkerRef ref;
  private long beatMs;
  private int beats;
  private long frozenUntilMs;

  ModelWorker(String name, ModelWorld world) {
    this.name = name;
    this.world = world;
    this.ref = new WorkerRef(name, 1);
  }

  WorkerRef ref() {
    return ref;
  }

  boolean isIdle() {
    return runs.isEmpty();
  }

  /** The runs whose handlers are at work, whatever the engine thinks of them. */
  List<Task> handlersAtWork() {
    return runs.values().stream().filter(Holding::isAtWork).map(run -> run.task).toList();
  }

  List<Lease> runs() {
    return List.copyOf(runs.keySet());
  }

  void freeze(long untilMs) {
    frozenUntilMs = untilMs;
  }

  boolean isFrozen() {
    return world.nowMs() < frozenUntilMs;
  }

  void die() {
    runs.values().forEach(Holding::release);
    runs.clear();
    inbox.clear();
    recent.clear();
    cancelled.clear();
    frozenUntilMs = 0;
    ref = new WorkerRef(name, ref.incarnation() + 1);
  }

  void take(ControlMessage message) {
    inbox.add(message);
  }

  /** Takes a record, and starts it or asks. */
  void take(ModelChannels.Item item, boolean ask) {
    Task task = item.task;
    Lease lease = new Lease(task.job(), task.dispatch());
    if (!recent.add(lease)) {
      world.channels().settle(item);
      return;
    }
    Holding run = new Holding(task, item);
    runs.put(lease, run);
    boolean mustAsk =
        ask || item.deliveries > 1 || task.suspicion() != Suspicion.NONE || task.strict();
    if (cancelled.getOrDefault(task.job(), 0) >= task.dispatch()) {
      report(run, new Outcome.Cancelled(), false);
    } else if (mustAsk) {
      run.phase = Phase.ASKING;
      append(task.job(), new AskToRun(run(run)));
    } else {
      run.phase = Phase.RUNNING;
      world.started(task);
    }
  }

  /** Hands the first message over to whom it concerns. */
  boolean readControl() {
    ControlMessage message = inbox.poll();
    switch (message) {
      case null -> {
        return false;
      }
      case CancelRun(var job, var dispatch) -> {
        cancelled.merge(job, dispatch, Math::max);
        List<Holding> mine =
            runs.values().stream().filter(run -> run.task.job().equals(job)).toList();
        mine.stream().filter(run -> run.task.dispatch() <= dispatch).forEach(this::cancel);
      }
      case Granted(var run) -> granted(run);
      case Drop(var run) -> dropped(run);
      case ControlMessage.Drain _, ControlMessage.QueueMade _ -> {}
    }
    return true;
  }

  private void granted(Run answered) {
    Holding run = mine(answered);
    if (run != null && run.phase == Phase.ASKING) {
      run.phase = Phase.LEASED;
      run.settle();
      world.started(run.task);
    }
  }

  private void dropped(Run answered) {
    Holding run = mine(answered);
    if (run == null) {
      return;
    }
    if (run.phase == Phase.ASKING) {
      run.settle();
      forget(run);
    } else {
      run.disowned = true;
    }
  }

  private @Nullable Holding mine(Run answered) {
    return answered.worker().equals(ref)
        ? runs.get(new Lease(answered.job(), answered.dispatch()))
        : null;
  }

  private void cancel(Holding run) {
    switch (run.phase) {
      case ASKING -> report(run, new Outcome.Cancelled(), false);
      case RUNNING, LEASED -> run.interrupted = true;
      case STILL -> {}
    }
  }

  /** Goes on with one of its runs, chosen by {@code choice}. */
  void goOn(int choice, Function<Task, Outcome> ending, int dice) {
    if (runs.isEmpty()) {
      return;
    }
    Holding run = List.copyOf(runs.values()).get(choice % runs.size());
    Outcome outcome = ending.apply(run.task);
    if (run.disowned && run.phase != Phase.STILL && !(outcome instanceof Outcome.Succeeded)) {
      run.settle();
      forget(run);
      return;
    }
    if (dice == 4 && run.isAtWork() && run.phase != Phase.STILL) {
      append(run.task.job(), ModelChildren.said(run.task, run(run), choice));
      return;
    }
    switch (run.phase) {
      case ASKING -> {
        if (dice == 0) {
          append(run.task.job(), new AskToRun(run(run)));
        }
      }
      case RUNNING -> {
        if (dice < 3 && !run.interrupted) {
          append(run.task.job(), new Leased(run(run), at()));
          run.phase = Phase.LEASED;
          run.settle();
        } else {
          report(run, run.interrupted && dice < 7 ? new Outcome.Cancelled() : outcome, dice == 9);
        }
      }
      case LEASED ->
          report(run, run.interrupted && dice < 7 ? new Outcome.Cancelled() : outcome, dice == 9);
      case STILL -> {
        append(run.task.job(), new Stopped(run(run)));
        forget(run);
      }
    }
  }

  /** Hands a task back that it has neither started nor leased. */
  void giveBack() {
    for (Holding run : List.copyOf(runs.values())) {
      if (run.phase == Phase.ASKING) {
        run.release();
        recent.remove(new Lease(run.task.job(), run.task.dispatch()));
        forget(run);
      }
    }
  }

  /** Lets a leased task get lost, as an Error in its thread would. */
  void lose() {
    runs.values().stream()
        .filter(run -> run.phase == Phase.LEASED)
        .findFirst()
        .ifPresent(this::forget);
  }

  /** A sign of life to every shard of which it holds a lease, when one is due. */
  void beat() {
    if (isFrozen() || world.nowMs() < beatMs + HEARTBEAT_MS) {
      return;
    }
    beatMs = world.nowMs();
    boolean list = ++beats % LISTS_EVERY == 0;
    for (int shard = 0; shard < ModelWorld.SHARDS; shard++) {
      List<Lease> held = held(shard);
      if (!held.isEmpty()) {
        world.append(shard, list ? new HeldLeases(ref, held) : new Heartbeat(ref));
      }
    }
  }

  private List<Lease> held(int shard) {
    List<Lease> held = new ArrayList<>();
    runs.forEach(
        (lease, run) -> {
          if (lease.job().shard() == shard && run.phase != Phase.RUNNING) {
            held.add(lease);
          }
        });
    return held;
  }

  private void report(Holding run, Outcome outcome, boolean stillRunning) {
    boolean ran = !(outcome instanceof Outcome.Parked || outcome instanceof Outcome.Unhandled);
    boolean still = stillRunning && ran;
    append(run.task.job(), new Finished(run(run), at(), at(), outcome, still));
    run.settle();
    if (still) {
      run.phase = Phase.STILL;
    } else {
      forget(run);
    }
  }

  private void forget(Holding run) {
    runs.remove(new Lease(run.task.job(), run.task.dispatch()));
  }

  private void append(JobId job, LogEntry entry) {
    world.append(job.shard(), entry);
  }

  private Run run(Holding run) {
    return new Run(run.task.job(), run.task.dispatch(), ref);
  }

  private Instant at() {
    return Instant.ofEpochMilli(world.nowMs());
  }

  private enum Phase {
    ASKING,
    RUNNING,
    LEASED,
    STILL
  }

  /** A task in this worker's hands. */
  private final class Holding {
    private final Task task;
    private ModelChannels.@Nullable Item item;
    private Phase phase = Phase.ASKING;
    private boolean interrupted;
    private boolean disowned;

    Holding(Task task, ModelChannels.Item item) {
      this.task = task;
      this.item = item;
    }

    boolean isAtWork() {
      return phase != Phase.ASKING;
    }

    void settle() {
      if (item != null) {
        world.channels().settle(item);
        item = null;
      }
    }

    void release() {
      if (item != null) {
        item.release();
        item = null;
      }
    }
  }
}
