package dev.kanal.common.flow.plan;

import dev.kanal.common.flow.FlowGraph;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What one decision changes in a flow as a whole. Belongs to one call. */
final class FlowChanges {
  private final FlowGraph graph;
  private final Instant now;
  private final StepChanges changes;
  private final StepStates steps;
  private final Conditions conditions;
  private FlowState state;
  private FlowState outcome;
  private @Nullable FlowReason reason;
  private int round;
  private @Nullable Instant deadline;

  /** Whether the flow has begun in this decision, or its outcome may have changed. */
  private boolean turned;

  FlowChanges(FlowGraph graph, FlowStatus status, StepChanges changes, Instant now) {
    this.graph = graph;
    this.now = now;
    this.changes = changes;
    this.steps = changes.steps();
    this.conditions = new Conditions(graph, steps);
    this.state = status.state();
    this.outcome = status.outcome();
    this.reason = status.reason();
    this.round = status.round();
    this.deadline = status.deadline();
  }

  boolean isFinal() {
    return state.isFinal();
  }

  FlowStatus status() {
    return new FlowStatus(state, outcome, reason, round, deadline, changes.done());
  }

  void begin() {
    turned = true;
    if (deadline != null) {
      changes.add(new FlowAction.Arm(FlowTimer.OF_FLOW, deadline));
    }
    for (int i = 0; i < steps.size(); i++) {
      consider(i);
    }
  }

  void retry(@Nullable Integer from, @Nullable Instant until) {
    Instant next = until == null ? deadline : until;
    RetrySet set = RetrySet.of(graph, steps, from);
    boolean tooLate = next != null && !next.isAfter(now);
    if (tooLate || set.isEmpty()) {
      return;
    }
    state = FlowState.RUNNING;
    outcome = FlowState.SUCCEEDED;
    reason = null;
    round++;
    deadline = next;
    changes.again(set);
    begin();
  }

  /** A step, or a branch of a race, has got what it waited for. */
  void succeed(int step, int branch) {
    if (graph.step(step).kind() instanceof StepKind.Race) {
      changes.add(new FlowAction.Win(step, branch));
    }
    changes.close(step, StepState.SUCCEEDED, null);
  }

  void fail(int step, StepState as, FlowReason why) {
    changes.close(step, as, why);
    if (!graph.step(step).optional() && outcome == FlowState.SUCCEEDED) {
      turnTo(FlowState.FAILED, FlowReason.STEP_FAILED);
      if (graph.spec().onFailure() == FlowSpec.OnFailure.CANCEL) {
        state = FlowState.ENDING;
        close(false, StepState.CANCELLED, FlowReason.STEP_FAILED);
      }
    }
  }

  /**
   * The flow cannot go on: its work ends, and if that has ended before, so do the steps that run at
   * the flow's end.
   */
  void fail(FlowReason why) {
    close(state == FlowState.ENDING, StepState.CANCELLED, why);
    state = FlowState.ENDING;
    turnTo(FlowState.FAILED, why);
  }

  void cancel(boolean all) {
    if (close(all, StepState.CANCELLED, FlowReason.FLOW_CANCELLED)) {
      state = FlowState.ENDING;
      turnTo(FlowState.CANCELLED, FlowReason.FLOW_CANCELLED);
    }
  }

  /** The timer of the flow says that this time has come. */
  void passed(Instant time) {
    if (deadline != null && !time.isBefore(deadline)) {
      Instant last = deadline.plus(FlowSpec.GRACE);
      boolean all = !time.isBefore(last);
      expire(all);
      if (!all) {
        changes.add(new FlowAction.Arm(FlowTimer.OF_FLOW, last));
      }
    }
  }

  /** A member ended by the deadline of its step's jobs: so that has passed. */
  void passedFor(int step) {
    boolean all = !graph.isForward(step);
    if (deadline != null && expire(all) && !all) {
      changes.add(new FlowAction.Arm(FlowTimer.OF_FLOW, deadline.plus(FlowSpec.GRACE)));
    }
  }

  private boolean expire(boolean all) {
    boolean any = close(all, StepState.EXPIRED, FlowReason.DEADLINE);
    if (any) {
      state = FlowState.ENDING;
      turnTo(FlowState.EXPIRED, FlowReason.DEADLINE);
    }
    return any;
  }

  /** The outcome is that of the first thing that goes wrong. */
  private void turnTo(FlowState other, FlowReason why) {
    if (outcome == FlowState.SUCCEEDED) {
      outcome = other;
      reason = why;
    }
    turned = true;
  }

  /**
   * Ends the work that runs only on success, or all; answers whether there was something to end.
   */
  private boolean close(boolean all, StepState as, FlowReason why) {
    boolean any = false;
    for (int i = 0; i < steps.size(); i++) {
      if (all || graph.isForward(i)) {
        if (steps.state(i) == StepState.WAITING) {
          changes.skip(i);
          any = true;
        } else if (steps.isActive(i)) {
          changes.close(i, as, why);
          any = true;
        }
      }
    }
    return any;
  }

  /** Considers what depends on steps that have ended, until nothing follows; may end the flow. */
  void settle() {
    if (isFinal() || !(turned || changes.hasEnded())) {
      return;
    }
    do {
      for (Integer step = changes.nextEnded(); step != null; step = changes.nextEnded()) {
        for (int dependant : graph.dependants(step)) {
          consider(dependant);
        }
      }
      considerFailure();
    } while (changes.hasEnded());
    if (conditions.isAllDone()) {
      state = outcome;
      if (deadline != null) {
        changes.add(new FlowAction.Disarm(FlowTimer.OF_FLOW));
      }
      changes.add(new FlowAction.EndFlow(outcome, reason));
    }
  }

  /** Decides about the steps that run on failure, once it is known whether there is one. */
  private void considerFailure() {
    if (!conditions.isForwardDone()) {
      return;
    }
    state = FlowState.ENDING;
    boolean succeeds = outcome == FlowState.SUCCEEDED;
    if (succeeds && !conditions.isEarlyDone()) {
      return;
    }
    for (int i = 0; i < steps.size(); i++) {
      if (steps.state(i) == StepState.WAITING && graph.step(i).when() == StepSpec.When.FAILED) {
        if (succeeds) {
          changes.skip(i);
        } else {
          consider(i);
        }
      }
    }
  }

  /** Starts a step that waits, or skips it, if its needs say so. */
  private void consider(int step) {
    if (steps.state(step) == StepState.WAITING) {
      switch (conditions.needs(step)) {
        case OPEN -> {}
        case UNMET -> changes.skip(step);
        case MET -> {
          if (mayRun(graph.step(step).when())) {
            start(step);
          }
        }
      }
    }
  }

  private boolean mayRun(StepSpec.When when) {
    return switch (when) {
      case SUCCEEDED -> state == FlowState.RUNNING;
      case ENDED -> true;
      case FAILED -> outcome != FlowState.SUCCEEDED && conditions.isForwardDone();
    };
  }

  private void start(int step) {
    changes.start(step);
    int branch = branchThatHasCome(graph.step(step).kind());
    if (branch >= 0) {
      succeed(step, branch);
    } else if (!changes.isSealed(step)) {
      changes.arm(step, now);
    }
  }

  /** The first branch, or 0 for a step that waits itself, whose event came before; or -1. */
  private int branchThatHasCome(StepKind kind) {
    if (kind instanceof StepKind.Wait wait) {
      return hasCome(wait) ? 0 : -1;
    }
    if (kind instanceof StepKind.Race(List<StepKind.Branch> branches)) {
      for (int i = 0; i < branches.size(); i++) {
        if (hasCome(branches.get(i).kind())) {
          return i;
        }
      }
    }
    return -1;
  }

  private boolean hasCome(StepKind.Single kind) {
    return kind instanceof StepKind.Wait(String event, _)
        && event != null
        && changes.hasCome(event);
  }
}
