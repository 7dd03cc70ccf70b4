package dev.kanal.common.flow.plan;

import dev.kanal.common.flow.FlowGraph;
import dev.kanal.common.flow.StepSpec;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Which steps of a final flow a retry runs again.
 *
 * <p>Those that did not succeed, but for failures that are tolerated; those that have been
 * compensated, as what they did is undone; and all that depend on these. Steps that run on failure
 * are decided anew in each round.
 *
 * @param whole are made anew
 * @param part keep the members that succeeded
 */
record RetrySet(BitSet whole, BitSet part) {
  /**
   * Finds them; both sets are empty if there is nothing to run again.
   *
   * @param from is run again whatever became of it; null for none
   */
  static RetrySet of(FlowGraph graph, StepStates steps, @Nullable Integer from) {
    BitSet base = new BitSet();
    BitSet anew = new BitSet();
    BitSet onFailure = new BitSet();
    for (int i = 0; i < graph.size(); i++) {
      boolean failing = graph.step(i).when() == StepSpec.When.FAILED;
      onFailure.set(i, failing);
      base.set(i, isUndone(graph.step(i), steps.state(i)));
      if (failing && steps.state(i) != StepState.SKIPPED) {
        for (int need : graph.needs(i)) {
          anew.set(need, anew.get(need) || graph.isForward(need));
        }
      }
    }
    if (from != null) {
      anew.set(from);
    } else if (base.isEmpty()) {
      return new RetrySet(new BitSet(), new BitSet());
    }
    BitSet seed = (BitSet) base.clone();
    seed.or(anew);
    seed.or(onFailure);
    BitSet whole = graph.withDependants(seed);
    BitSet part = new BitSet();
    for (int i = base.nextSetBit(0); i >= 0; i = base.nextSetBit(i + 1)) {
      boolean ran = steps.state(i) != StepState.SKIPPED;
      part.set(i, ran && !anew.get(i) && !needsOne(graph, i, whole));
    }
    whole.andNot(part);
    return new RetrySet(whole, part);
  }

  boolean isEmpty() {
    return whole.isEmpty() && part.isEmpty();
  }

  private static boolean isUndone(StepSpec step, StepState state) {
    return switch (state) {
      case FAILED, EXPIRED -> !step.optional();
      case CANCELLED -> true;
      case SKIPPED -> step.when() != StepSpec.When.FAILED;
      case WAITING, RUNNING, SUCCEEDED -> false;
    };
  }

  private static boolean needsOne(FlowGraph graph, int step, BitSet of) {
    for (int need : graph.needs(step)) {
      if (of.get(need)) {
        return true;
      }
    }
    return false;
  }
}
