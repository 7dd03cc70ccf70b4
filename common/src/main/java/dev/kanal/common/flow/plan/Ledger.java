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

/** The steps while a decision changes them, and what is to be done; belongs to one call. */
final class Ledger {
  private final FlowGraph graph;
  private final FlowFacts facts;
  private final StepStates.Editor edit;
  private final List<FlowAction> actions = new ArrayList<>();

  /** Steps that have ended, whose dependants are still to be looked at. */
  private final Deque<Integer> ended = new ArrayDeque<>();

  private RetrySet again = new RetrySet(new BitSet(), new BitSet());

  Ledger(FlowGraph graph, StepStates steps, FlowFacts facts) {
    this.graph = graph;
    this.facts = facts;
    this.edit = steps.edit();
  }

  /** The steps as they are by now. */
  StepStates steps() {
    return edit.read();
  }

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

  /** The counters of a step, as they will be when a retry has been applied. */
  @Nullable StepCounts counts(int step) {
    if (again.whole().get(step) || kind(step) instanceof StepKind.Wait) {
      return null;
    }
    StepCounts counts = facts.counts(step);
    return counts != null && again.part().get(step) ? counts.again() : counts;
  }

  /** Whether a stream or group is closed. */
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

  /** The next step that has ended and not been followed; null if there is none. */
  @Nullable Integer nextEnded() {
    return ended.poll();
  }

  boolean hasEnded() {
    return !ended.isEmpty();
  }

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
   * It is settled what a running step ends as: it does when none of its members is out. A turn that
   * it has coming stays, as it may be the one that finds so.
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

  void end(int step, StepState as, @Nullable FlowReason why) {
    edit.state(step, as);
    actions.add(new FlowAction.End(step, as, why));
    ended.add(step);
  }

  void skip(int step) {
    edit.state(step, StepState.SKIPPED);
    actions.add(new FlowAction.Skip(step));
    ended.add(step);
  }
}
