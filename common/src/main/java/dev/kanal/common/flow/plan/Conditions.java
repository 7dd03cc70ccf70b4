package dev.kanal.common.flow.plan;

import dev.kanal.common.flow.FlowGraph;
import dev.kanal.common.flow.StepSpec;
import java.util.function.IntPredicate;

/** Whether steps may run, by what has become of others. */
final class Conditions {
  private final FlowGraph graph;
  private final StepStates steps;

  /** What a step's needs say about it. */
  enum Needs {
    /** Some have not ended. */
    OPEN,
    /** All have ended, and as they should. */
    MET,
    /** One has not ended as it should: the step never runs. */
    UNMET
  }

  /**
   * @param steps may change underneath
   */
  Conditions(FlowGraph graph, StepStates steps) {
    this.graph = graph;
    this.steps = steps;
  }

  Needs needs(int step) {
    Needs all = Needs.MET;
    for (int need : graph.needs(step)) {
      if (!steps.state(need).isFinal()) {
        all = Needs.OPEN;
      } else if (!isMet(graph.step(step).when(), need)) {
        return Needs.UNMET;
      }
    }
    return all;
  }

  /** Whether what became of a need, which has ended, lets a step run. */
  private boolean isMet(StepSpec.When when, int need) {
    StepState is = steps.state(need);
    boolean succeeded =
        is == StepState.SUCCEEDED || (is.isFailure() && graph.step(need).optional());
    return switch (when) {
      case SUCCEEDED -> succeeded;
      case ENDED -> true;
      case FAILED -> succeeded || !graph.isForward(need);
    };
  }

  /** Whether all work that runs only on success has ended. */
  boolean isForwardDone() {
    return isDone(graph::isForward);
  }

  /** Whether all has ended that does not wait for steps that run on failure. */
  boolean isEarlyDone() {
    return isDone(step -> !graph.isLate(step));
  }

  boolean isAllDone() {
    return isDone(_ -> true);
  }

  private boolean isDone(IntPredicate which) {
    for (int i = 0; i < steps.size(); i++) {
      if (which.test(i) && !steps.state(i).isFinal()) {
        return false;
      }
    }
    return true;
  }
}
