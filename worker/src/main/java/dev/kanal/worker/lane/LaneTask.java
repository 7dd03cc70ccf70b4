package dev.kanal.worker.lane;

import dev.kanal.common.channel.Delivery;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.Outcome;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.Leased;
import dev.kanal.common.log.Run;
import dev.kanal.common.task.Task;
import dev.kanal.worker.lane.Slots.Release;
import java.time.Instant;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * One running task.
 *
 * <pre>
 *   RUNNING ──▶ LEASED ──▶ REPORTED
 *      │ └─────────────────▶ ▲
 *      └──▶ GIVEN_BACK
 * </pre>
 *
 * The lane's thread leases it or gives it back; the task's own threads report. The record may be
 * accepted once {@code known} is complete. The slot is free once the handler has ended and Kafka
 * has the outcome, or does not need one.
 */
final class LaneTask implements TaskRunner.Listener {
  private final LaneParts parts;
  private final Task task;
  private final Delivery<Task> delivery;
  private final Slots.Slot slot;
  private final Consumer<LaneTask> onKnown;
  private final AtomicReference<State> state = new AtomicReference<>(State.RUNNING);
  private final CompletableFuture<Void> known = new CompletableFuture<>();

  /** Handler ended, and outcome taken: at zero the slot is free. */
  private final AtomicInteger holds = new AtomicInteger(2);

  /** The lane's thread. */
  private TaskRunner.@Nullable Running running;

  /** The lane's thread. */
  private boolean settled;

  private enum State {
    RUNNING,
    LEASED,
    REPORTED,
    GIVEN_BACK
  }

  /**
   * @param onKnown told, from any thread and possibly twice, that the record may be accepted
   */
  LaneTask(
      LaneParts parts,
      Task task,
      Delivery<Task> delivery,
      Slots.Slot slot,
      Consumer<LaneTask> onKnown) {
    this.parts = parts;
    this.task = task;
    this.delivery = delivery;
    this.slot = slot;
    this.onKnown = onKnown;
  }

  Delivery<Task> delivery() {
    return delivery;
  }

  /** Completes when Kafka has the run's lease or its outcome. */
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
    try {
      running = parts.runner().start(task, this);
    } catch (RuntimeException | Error e) {
      finished(new Outcome.Failed(ErrorInfo.of(e), true), now, now);
      ended();
    }
  }

  /** Lane's thread: makes the task go on under a lease, if it still runs. */
  void lease(Instant startedAt) {
    parts.leased().add(this);
    if (!state.compareAndSet(State.RUNNING, State.LEASED)) {
      parts.leased().remove(this);
    } else {
      var _ =
          parts
              .reporter()
              .leased(new Leased(run(), startedAt))
              .thenRun(
                  () -> {
                    known.complete(null);
                    onKnown.accept(this);
                  });
    }
  }

  /**
   * Lane's thread: interrupts the task and lets its record go, if nothing is known of it.
   *
   * @return false if Kafka has, or is about to have, its lease or outcome
   */
  boolean giveBack() {
    if (!state.compareAndSet(State.RUNNING, State.GIVEN_BACK)) {
      return false;
    }
    parts.recent().forget(task.job(), task.dispatch());
    known.cancel(false);
    stop();
    releaseHold(Release.GIVEN_BACK);
    return true;
  }

  /** The lane's thread, or another once the lane has let go of it; interrupts the handler. */
  void stop() {
    if (running != null) {
      running.stop();
    }
  }

  @Override
  public void finished(Outcome outcome, Instant startedAt, Instant finishedAt) {
    State before =
        state.getAndUpdate(now -> now == State.GIVEN_BACK ? State.GIVEN_BACK : State.REPORTED);
    if (before == State.GIVEN_BACK) {
      return;
    }
    var _ =
        parts
            .reporter()
            .finished(new Finished(run(), startedAt, finishedAt, outcome))
            .thenRun(() -> taken(before == State.LEASED));
  }

  @Override
  public void ended() {
    releaseHold(state.get() == State.GIVEN_BACK ? Release.GIVEN_BACK : Release.FINISHED);
  }

  private void taken(boolean wasLeased) {
    if (wasLeased) {
      parts.reporter().leaseEnded(task.job());
      parts.leased().remove(this);
    }
    known.complete(null);
    onKnown.accept(this);
    releaseHold(Release.FINISHED);
  }

  private void releaseHold(Release why) {
    if (holds.decrementAndGet() == 0) {
      slot.release(why);
    }
  }

  private Run run() {
    return new Run(task.job(), task.dispatch(), parts.reporter().worker());
  }
}
