package dev.kanal.common.flow.plan;

import dev.kanal.common.flow.FlowGraph;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The flow as a whole while a decision changes it; belongs to one call. */
final class Course {
  private final FlowGraph graph;
  private final Instant now;
  private final Ledger ledger;
  private final StepStates steps;
  private final Conditions conditions;
  private FlowState state;
  private FlowState outcome;
  private @Nullable FlowReason reason;
  private int round;
  private @Nullable Instant deadline;

  /** Whether the flow began, or something went wrong. */
  private boolean turned;

  Course(FlowGraph graph, FlowStatus status, Ledger ledger, Instant now) {
    this.graph = graph;
    this.now = now;
    this.ledger = ledger;
    this.steps = ledger.steps();
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
    return new FlowStatus(state, outcome, reason, round, deadline, ledger.done());
  }

  void begin() {
    turned = true;
    if (deadline != null) {
      ledger.add(new FlowAction.Arm(FlowTimer.OF_FLOW, deadline));
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
    ledger.again(set);
    begin();
  }

  /** What a step, or a branch of a race, waited for has come. */
  void succeed(int step, int branch) {
    if (graph.step(step).kind() instanceof StepKind.Race) {
      ledger.add(new FlowAction.Win(step, branch));
    }
    ledger.close(step, StepState.SUCCEEDED, null);
  }

  void fail(int step, StepState as, FlowReason why) {
    ledger.close(step, as, why);
    if (!graph.step(step).optional() && outcome == FlowState.SUCCEEDED) {
      turnTo(FlowState.FAILED, FlowReason.STEP_FAILED);
      if (graph.spec().onFailure() == FlowSpec.OnFailure.CANCEL) {
        state = FlowState.ENDING;
        close(false, StepState.CANCELLED, FlowReason.STEP_FAILED);
      }
    }
  }

  /** The flow cannot go on; if its work is done, neither can what is there for its end. */
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
        ledger.add(new FlowAction.Arm(FlowTimer.OF_FLOW, last));
      }
    }
  }

  /** A member ended by the deadline of its step's jobs: so that has passed. */
  void passedFor(int step) {
    boolean all = !graph.isForward(step);
    if (deadline != null && expire(all) && !all) {
      ledger.add(new FlowAction.Arm(FlowTimer.OF_FLOW, deadline.plus(FlowSpec.GRACE)));
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

  /** The first thing that goes wrong counts. */
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
          ledger.skip(i);
          any = true;
        } else if (steps.isActive(i)) {
          ledger.close(i, as, why);
          any = true;
        }
      }
    }
    return any;
  }

  /** Follows what has ended to its end. */
  void settle() {
    if (isFinal() || !(turned || ledger.hasEnded())) {
      return;
    }
    do {
      for (Integer step = ledger.nextEnded(); step != null; step = ledger.nextEnded()) {
        for (int dependant : graph.dependants(step)) {
          consider(dependant);
        }
      }
      considerFailure();
    } while (ledger.hasEnded());
    if (conditions.isAllDone()) {
      state = outcome;
      if (deadline != null) {
        ledger.add(new FlowAction.Disarm(FlowTimer.OF_FLOW));
      }
      ledger.add(new FlowAction.EndFlow(outcome, reason));
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
          ledger.skip(i);
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
        case UNMET -> ledger.skip(step);
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
    ledger.start(step);
    int branch = branchThatHasCome(graph.step(step).kind());
    if (branch >= 0) {
      succeed(step, branch);
    } else if (!ledger.isSealed(step)) {
      ledger.arm(step, now);
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
    return kind instanceof StepKind.Wait(String event, _) && event != null && ledger.hasCome(event);
  }
}
