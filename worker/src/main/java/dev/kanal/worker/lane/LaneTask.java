package dev.kanal.worker.lane;

import dev.kanal.common.channel.Delivery;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.LogLine;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.LogEntry.Logged;
import dev.kanal.common.log.LogEntry.Progressed;
import dev.kanal.common.log.LogEntry.SubmitChild;
import dev.kanal.common.log.Run;
import dev.kanal.common.task.Suspicion;
import dev.kanal.common.task.Task;
import dev.kanal.worker.pool.Slots;
import dev.kanal.worker.pool.Slots.Release;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/**
 * One task of this worker.
 *
 * <pre>
 *   FETCHED ──▶ RUNNING ──▶ LEASED ──▶ REPORTED
 *    │ │ └────────────────▶  ▲ │          ▲
 *    │ └──▶ ASKING ──────────┘ └──────────┤
 *    │        └──▶ DROPPED, GIVEN_BACK    │
 *    └──▶ GIVEN_BACK ◀── RUNNING ─────────┘
 * </pre>
 *
 * The lane's thread starts it, asks about it, leases it or gives it back; the reader of control
 * messages answers and cancels; the task's own threads report. The record may be accepted once
 * {@code known} is complete: Kafka has the outcome, the lease, or the question. A question is as
 * good as a lease: the engine reads it before any later one, and either makes the asker the lease's
 * holder or knows of another one; as long as the record is unsettled, no other worker would be
 * allowed to run it. The slot is free once the handler has ended and Kafka has the outcome, or does
 * not need one.
 */
final class LaneTask implements TaskRunner.Listener {
  static final Duration ASK_AGAIN = Duration.ofSeconds(2);

  /** A task whose question is not answered for this long stops asking. */
  static final Duration ASK_MAX = Duration.ofMinutes(5);

  /** A suspect that has not had its turn comes again after this. */
  static final Duration NEXT_TURN = Duration.ofSeconds(5);

  private final LaneParts parts;
  private final Task task;
  private final Delivery<Task> delivery;
  private final Slots.Slot slot;
  private final Owner owner;
  private final AtomicReference<State> state = new AtomicReference<>(State.FETCHED);
  private final CompletableFuture<Void> known = new CompletableFuture<>();

  /**
   * Two steps are left, the handler's end and the outcome's arrival in Kafka: at zero the slot is
   * free.
   */
  private final AtomicInteger holds = new AtomicInteger(2);

  private volatile TaskRunner.@Nullable Running running;

  /** An interrupt that came before the task ran. */
  private volatile TaskRunner.@Nullable Why interruptedEarly;

  private volatile boolean stillRunning;

  /** Another worker runs it: only a success is worth reporting. */
  private volatile boolean disowned;

  /** When it was first asked about or leased. */
  private volatile long heldNanos;

  /** Written before ASKING, then by the timer. */
  private volatile long askedNanos;

  /** The lane's thread. */
  private boolean settled;

  private enum State {
    FETCHED,
    ASKING,
    RUNNING,
    LEASED,
    REPORTED,
    DROPPED,
    GIVEN_BACK
  }

  /** The lane that fetched it. */
  interface Owner {
    /** From any thread and possibly twice: the record may be accepted. */
    void known(LaneTask task);

    /** From any thread: nothing may be started any more. */
    boolean stopping();
  }

  LaneTask(LaneParts parts, Task task, Delivery<Task> delivery, Slots.Slot slot, Owner owner) {
    this.parts = parts;
    this.task = task;
    this.delivery = delivery;
    this.slot = slot;
    this.owner = owner;
  }

  Task task() {
    return task;
  }

  Delivery<Task> delivery() {
    return delivery;
  }

  /** Completes when Kafka has the run's question, lease or outcome. */
  CompletableFuture<Void> known() {
    return known;
  }

  /** Lane's thread: true the first time. */
  boolean settleOnce() {
    boolean first = !settled;
    settled = true;
    return first;
  }

  /** Lane's thread. */
  void start(Instant now) {
    if (state.compareAndSet(State.FETCHED, State.RUNNING)) {
      run(now);
    }
  }

  /** Lane's thread: whether it was neither started nor asked about yet. */
  boolean isWaiting() {
    return state.get() == State.FETCHED;
  }

  /** Lane's thread: asks whether to run it. */
  void ask() {
    heldNanos = parts.clocks().ticker().nanos();
    askedNanos = heldNanos;
    if (state.compareAndSet(State.FETCHED, State.ASKING)) {
      var _ = parts.reporter().ask(run()).thenRun(this::nowKnown);
    } else {
      parts.runs().leaveTurn(this);
    }
  }

  /** Lane's thread: continues the task under a lease, if it still runs. */
  void lease(Instant startedAt) {
    if (state.get() != State.RUNNING) {
      return;
    }
    heldNanos = parts.clocks().ticker().nanos();
    if (state.compareAndSet(State.RUNNING, State.LEASED)) {
      var _ = parts.reporter().leased(new Leased(run(), startedAt)).thenRun(this::nowKnown);
    }
  }

  /** The reader of control messages: the engine has granted the run. */
  void granted() {
    if (state.get() != State.ASKING) {
      return;
    }
    if (owner.stopping()) {
      handBack(Duration.ZERO, "worker-stopped", "The worker stopped before the handler started");
    } else if (task.suspicion() == Suspicion.ALONE && !parts.runs().takeTurn(this)) {
      handBack(NEXT_TURN, "suspect-waits", "Another task that a lost worker ran has its turn");
    } else if (state.compareAndSet(State.ASKING, State.LEASED)) {
      run(parts.clocks().wall().instant());
    } else {
      parts.runs().leaveTurn(this);
    }
  }

  /** The engine has refused the run, or says that a running task is another worker's. */
  void dropped() {
    if (state.compareAndSet(State.ASKING, State.DROPPED)) {
      endLease();
      nowKnown();
      releaseAll(Release.DROPPED);
    } else if (state.get() == State.RUNNING || state.get() == State.LEASED) {
      disowned = true;
      interrupt(TaskRunner.Why.LEASE_LOST);
    }
  }

  /** The job has ended: a task that did not start does not, one that runs is interrupted. */
  void cancel() {
    if (!endUnstarted(new Outcome.Cancelled())) {
      interrupt(TaskRunner.Why.CANCEL);
    }
  }

  /**
   * Lane's thread: interrupts the task and releases its record, if Kafka knows nothing of it.
   *
   * @return false if Kafka has, or is about to have, its lease or outcome
   */
  boolean giveBack() {
    if (known.isDone()) {
      return false;
    }
    if (state.compareAndSet(State.RUNNING, State.GIVEN_BACK)) {
      forget();
      interrupt(TaskRunner.Why.STOP);
      releaseHold(Release.GIVEN_BACK);
      return true;
    }
    if (state.compareAndSet(State.FETCHED, State.GIVEN_BACK)) {
      return forgetUnstarted();
    }
    return giveUpAsking();
  }

  /** The worker stops: interrupts the handler; open questions are not waited for. */
  void stop() {
    if (!giveUpAsking()) {
      interrupt(TaskRunner.Why.STOP);
    }
  }

  /** The timer: asks again, or finds that the lease is lost. */
  void check(long now) {
    switch (state.get()) {
      case ASKING -> {
        if (now - heldNanos >= ASK_MAX.toNanos()) {
          giveUpAsking();
        } else if (known.isDone() && now - askedNanos >= ASK_AGAIN.toNanos()) {
          askedNanos = now;
          var _ = parts.reporter().ask(run());
        }
      }
      case LEASED -> {
        if (task.permit() && parts.reporter().isCutOff(task.job(), heldNanos)) {
          interrupt(TaskRunner.Why.LEASE_LOST);
        }
      }
      case FETCHED, RUNNING, REPORTED, DROPPED, GIVEN_BACK -> {}
    }
  }

  @Override
  public TaskRunner.Origin origin() {
    var record = delivery.record();
    return new TaskRunner.Origin(record.topic(), record.partition(), record.offset());
  }

  @Override
  public void finished(TaskRunner.Ending ending) {
    State before =
        state.getAndUpdate(now -> now == State.GIVEN_BACK ? State.GIVEN_BACK : State.REPORTED);
    if (before == State.GIVEN_BACK) {
      return;
    }
    if (disowned && !(ending.outcome() instanceof Outcome.Succeeded)) {
      taken();
    } else {
      report(ending);
    }
  }

  @Override
  public void ended() {
    releaseHold(state.get() == State.GIVEN_BACK ? Release.GIVEN_BACK : Release.FINISHED);
  }

  @Override
  public boolean progressed(JobProgress progress) {
    return parts.reporter().progressed(new Progressed(run(), progress));
  }

  @Override
  public boolean takesLines() {
    return parts.reporter().takesLines();
  }

  @Override
  public CompletableFuture<Void> logged(long before, int omitted, List<LogLine> lines) {
    return parts.reporter().logged(new Logged(run(), before, omitted, lines));
  }

  @Override
  public CompletableFuture<Void> submits(TaskRunner.Submission child) {
    return parts
        .reporter()
        .submits(
            new SubmitChild(
                run(), child.name(), child.child(), child.spec(), child.trace(), child.detached()));
  }

  private void run(Instant now) {
    try {
      TaskRunner.Running started = parts.runner().start(task, this);
      running = started;
      TaskRunner.Why early = interruptedEarly;
      if (early != null) {
        started.interrupt(early);
      }
    } catch (RuntimeException | Error e) {
      finished(new TaskRunner.Ending(new Outcome.Failed(ErrorInfo.of(e), true), now, now, false));
      ended();
    }
  }

  private void interrupt(TaskRunner.Why why) {
    interruptedEarly = why;
    TaskRunner.Running started = running;
    if (started != null) {
      started.interrupt(why);
    }
  }

  private void handBack(Duration delay, String type, String message) {
    endUnstarted(new Outcome.Snoozed(delay, new ErrorInfo(type, message, null)));
  }

  private boolean endUnstarted(Outcome outcome) {
    if (!state.compareAndSet(State.FETCHED, State.REPORTED)
        && !state.compareAndSet(State.ASKING, State.REPORTED)) {
      return false;
    }
    Instant now = parts.clocks().wall().instant();
    report(new TaskRunner.Ending(outcome, now, now, false));
    ended();
    return true;
  }

  /** The engine may grant it later: {@link Runs} then hands the task back. */
  private boolean giveUpAsking() {
    if (!state.compareAndSet(State.ASKING, State.GIVEN_BACK)) {
      return false;
    }
    endLease();
    return forgetUnstarted();
  }

  private boolean forgetUnstarted() {
    forget();
    releaseAll(Release.GIVEN_BACK);
    return true;
  }

  private void forget() {
    parts.recent().forget(task.job(), task.dispatch());
    known.cancel(false);
  }

  private void report(TaskRunner.Ending ending) {
    stillRunning = ending.stillRunning();
    var finished =
        new Finished(
            run(),
            ending.startedAt(),
            ending.finishedAt(),
            ending.outcome(),
            ending.stillRunning(),
            ending.traced().trace());
    var _ =
        parts
            .reporter()
            .finished(finished)
            .thenRun(
                () -> {
                  ending.traced().taken();
                  taken();
                });
  }

  private void taken() {
    if (!stillRunning) {
      endLease();
    }
    nowKnown();
    releaseHold(Release.FINISHED);
  }

  private void nowKnown() {
    known.complete(null);
    owner.known(this);
  }

  private void releaseAll(Release why) {
    releaseHold(why);
    releaseHold(why);
  }

  private void releaseHold(Release why) {
    if (holds.decrementAndGet() == 0) {
      if (stillRunning) {
        var _ = parts.reporter().stopped(run()).thenRun(this::endLease);
      }
      parts.runs().remove(this);
      slot.release(why);
    }
  }

  private void endLease() {
    parts.reporter().leaseEnded(run());
  }

  private Run run() {
    return new Run(task.job(), task.dispatch(), parts.reporter().worker());
  }
}
