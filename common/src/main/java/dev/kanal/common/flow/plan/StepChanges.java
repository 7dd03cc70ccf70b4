package dev.kanal.common.flow.plan;

import dev.kanal.common.flow.FlowGraph;
import dev.kanal.common.flow.StepKind;
import java.time.Instant;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What one decision changes in the steps of a flow, and the actions that follow from it, in their
 * order. Belongs to one call.
 */
final class StepChanges {
  private final FlowGraph graph;
  private final FlowFacts facts;
  private final StepStates.Editor edit;
  private final List<FlowAction> actions = new ArrayList<>();

  /** Steps that have ended in this decision, whose dependants are still to be considered. */
  private final Deque<Integer> ended = new ArrayDeque<>();

  private RetrySet again = new RetrySet(new BitSet(), new BitSet());

  StepChanges(FlowGraph graph, StepStates steps, FlowFacts facts) {
    this.graph = graph;
    this.facts = facts;
    this.edit = steps.edit();
  }

  /** The steps as they are by now. */
  StepStates steps() {
    return edit.read();
  }

  /** The steps as the decision leaves them. */
  StepStates done() {
    return edit.done();
  }

  List<FlowAction> actions() {
    return actions;
  }

  void add(FlowAction action) {
    actions.add(action);
  }

  StepKind kind(int step) {
    return graph.step(step).kind();
  }

  /**
   * The counters of a step; null if it has none. If the decision is about a retry, they are those
   * that it leads to.
   */
  @Nullable StepCounts counts(int step) {
    if (again.whole().get(step) || kind(step) instanceof StepKind.Wait) {
      return null;
    }
    StepCounts counts = facts.counts(step);
    return counts != null && again.part().get(step) ? counts.again() : counts;
  }

  /** Whether a step is a stream or group that is closed: nobody adds members any more. */
  boolean isSealed(int step) {
    StepCounts counts = kind(step).isFed() ? counts(step) : null;
    return counts != null && counts.sealed();
  }

  boolean hasCome(String event) {
    return facts.hasCome(event);
  }

  void due(int step, boolean due) {
    edit.due(step, due);
  }

  /** The next step that has ended and whose dependants were not considered; null if none. */
  @Nullable Integer nextEnded() {
    return ended.poll();
  }

  boolean hasEnded() {
    return !ended.isEmpty();
  }

  /** Lets the steps of a retry wait again. */
  void again(RetrySet set) {
    again = set;
    for (int i = 0; i < steps().size(); i++) {
      boolean whole = set.whole().get(i);
      if (whole || set.part().get(i)) {
        edit.state(i, StepState.WAITING);
        actions.add(new FlowAction.Again(i, whole));
      }
    }
  }

  void start(int step) {
    edit.state(step, StepState.RUNNING);
    edit.due(step, !(kind(step) instanceof StepKind.Wait));
    actions.add(new FlowAction.Start(step));
  }

  void arm(int step, Instant now) {
    StepTimers.arm(step, kind(step), now, actions);
  }

  void disarm(int step) {
    StepTimers.disarm(step, kind(step), actions);
  }

  /**
   * Settles what a running step ends as. It ends at once if no member is out; else members that are
   * out are cancelled, and it ends when the last of them has. If it was due it stays so, since the
   * turn that is to come may be the one that finds that the last has ended.
   */
  void close(int step, StepState as, @Nullable FlowReason why) {
    disarm(step);
    StepCounts counts = counts(step);
    if (counts == null || counts.out() == 0) {
      end(step, as, why);
    } else {
      edit.verdict(step, as);
      actions.add(new FlowAction.Stop(step, as, why));
    }
  }

  /** Ends a step that has run. */
  void end(int step, StepState as, @Nullable FlowReason why) {
    edit.state(step, as);
    actions.add(new FlowAction.End(step, as, why));
    ended.add(step);
  }

  /** Ends a step that has not run, and never will. */
  void skip(int step) {
    edit.state(step, StepState.SKIPPED);
    actions.add(new FlowAction.Skip(step));
    ended.add(step);
  }
}
