package dev.kanal.common.flow.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.flow.FlowGraph;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.Over;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import java.time.Instant;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * A flow with its members, timers and events, which does what plans say and checks each of them.
 */
final class FlowWorld implements FlowFacts {
  static final Instant START = Instant.parse("2030-01-01T00:00:00Z");

  final FlowGraph graph;
  Fate fate;
  final Map<FlowTimer, Instant> timers = new HashMap<>();
  final Set<String> came = new HashSet<>();

  /** What plans said, for messages and for tests of single cases. */
  final List<String> story = new ArrayList<>();

  private final Map<Integer, StepCounts> counts = new HashMap<>();
  private final List<Members> members = new ArrayList<>();
  private final Set<Integer> asked = new HashSet<>();
  private FlowStatus status;
  private Instant now = START;

  /** The members of a step: those that are out, those to be run again, and how many ever ran. */
  static final class Members {
    final TreeSet<Integer> out = new TreeSet<>();
    final TreeSet<Integer> again = new TreeSet<>();
    final TreeSet<Integer> succeeded = new TreeSet<>();
    final TreeSet<Integer> failed = new TreeSet<>();
    private int made;
  }

  FlowWorld(FlowSpec spec, Fate fate) {
    this.graph = FlowGraph.of(spec);
    this.fate = fate;
    this.status = FlowStatus.of(spec);
    for (int i = 0; i < graph.size(); i++) {
      members.add(new Members());
    }
  }

  FlowStatus status() {
    return status;
  }

  StepState state(String step) {
    return status.steps().state(graph.numberOf(step));
  }

  Members members(int step) {
    return members.get(step);
  }

  Instant now() {
    return now;
  }

  @Override
  public @Nullable StepCounts counts(int step) {
    asked.add(step);
    return counts.get(step);
  }

  @Override
  public boolean hasCome(String event) {
    return came.contains(event);
  }

  /** Decides and does what was decided. */
  List<FlowAction> apply(FlowEvent event) {
    FlowStatus before = status;
    asked.clear();
    FlowPlan plan = FlowPlan.of(graph, before, this, event, now);
    status = plan.status();
    story.add(event + " -> " + plan.actions() + " " + status.state() + " " + status.steps());
    assertEquals(status.steps(), StepStates.fromBytes(status.steps().toBytes()), "steps as bytes");
    checkCost(event, before, plan);
    checkTurns(event, before);
    for (FlowAction action : plan.actions()) {
      apply(action, before);
    }
    if (status.state().isFinal() && !before.state().isFinal()) {
      checkEnd(plan.actions());
    }
    return plan.actions();
  }

  /** A decision about a step looks up that step, and those that it starts or ends. */
  private void checkCost(FlowEvent event, FlowStatus before, FlowPlan plan) {
    if (event instanceof FlowEvent.Turn(int step) && before.state() == status.state()) {
      Set<Integer> concerned = new HashSet<>(Set.of(step));
      for (int i = 0; i < graph.size(); i++) {
        if (before.steps().state(i) != status.steps().state(i)
            || before.steps().verdict(i) != status.steps().verdict(i)) {
          concerned.add(i);
        }
      }
      assertTrue(concerned.containsAll(asked), () -> "asked for " + asked + " about " + concerned);
    }
    if (event instanceof FlowEvent.Turn(int step) && !before.steps().isDue(step)) {
      assertEquals(List.of(), plan.actions(), "a turn of a step that is not due");
    }
  }

  /** Only its turn, and its end, take from a step that it is due. */
  private void checkTurns(FlowEvent event, FlowStatus before) {
    for (int i = 0; i < graph.size(); i++) {
      if (before.steps().isDue(i) && status.steps().state(i) == StepState.RUNNING) {
        boolean had = event.equals(new FlowEvent.Turn(i));
        assertTrue(had || status.steps().isDue(i), "step " + i + " lost its turn by " + event);
      }
    }
  }

  private void apply(FlowAction action, FlowStatus before) {
    switch (action) {
      case FlowAction.Start(int step) -> checkStart(step, before);
      case FlowAction.Open(int step) -> open(step);
      case FlowAction.Launch(int step, int count) -> launch(step, count);
      case FlowAction.Stop(int step, StepState verdict, _) -> {
        assertEquals(verdict, status.steps().verdict(step));
        assertFalse(members(step).out.isEmpty(), "stop with nothing out");
      }
      case FlowAction.Win(int step, _) ->
          assertTrue(graph.step(step).kind() instanceof StepKind.Race);
      case FlowAction.Lapse(int step, int branch) -> change(step, known(step).withLapsed(branch));
      case FlowAction.Skip(int step) -> {
        assertTrue(
            before.state().isFinal() || before.steps().state(step) == StepState.WAITING,
            "skipped what had started");
        assertEquals(Set.of(), members(step).out, "members of a skipped step");
      }
      case FlowAction.End(int step, StepState state, _) -> {
        assertEquals(state, status.steps().state(step));
        assertEquals(Set.of(), members(step).out, "members that are out at the end of " + step);
      }
      case FlowAction.Arm(FlowTimer timer, Instant at) -> timers.put(timer, at);
      case FlowAction.Disarm(FlowTimer timer) -> timers.remove(timer);
      case FlowAction.Again(int step, boolean whole) -> again(step, whole);
      case FlowAction.EndFlow(FlowState state, _) -> assertEquals(state, status.state());
    }
  }

  /** Each need has ended, with nothing out, and as the condition asks. */
  private void checkStart(int step, FlowStatus before) {
    StepSpec spec = graph.step(step);
    assertTrue(spec.isForEnd() || before.state() != FlowState.ENDING, "start while ending");
    for (int need : graph.needs(step)) {
      StepState is = status.steps().state(need);
      StepSpec other = graph.step(need);
      boolean fine =
          is == StepState.SUCCEEDED || (other.optional() && is.isFailure()) || spec.isForEnd();
      boolean work = spec.when() == StepSpec.When.FAILED && !other.isForEnd();
      assertTrue(is.isFinal() && fine, () -> spec.name() + " started after " + other + " " + is);
      assertTrue(!work || is == StepState.SUCCEEDED || other.optional(), spec::name);
      assertEquals(Set.of(), members(need).out, "members of a need");
    }
    if (spec.when() == StepSpec.When.FAILED) {
      for (int i = 0; i < graph.size(); i++) {
        assertTrue(!graph.isForward(i) || status.steps().state(i).isFinal(), "work is left");
      }
    }
  }

  private void open(int step) {
    StepKind kind = graph.step(step).kind();
    int width =
        switch (kind) {
          case StepKind.Job _ -> 1;
          case StepKind.Map(Over.Range range, _, _) -> range.width();
          case StepKind.Map(Over.Items _, _, _) -> fate.width(step);
          case StepKind.Map _, StepKind.Group _ -> 0;
          case StepKind.Race(List<StepKind.Branch> branches) ->
              (int) branches.stream().filter(each -> each.kind() instanceof StepKind.Job).count();
          case StepKind.Wait _ -> throw new AssertionError("Expected no members of a wait");
        };
    counts.putIfAbsent(step, StepCounts.of(width, !kind.isFed()));
  }

  private void launch(int step, int count) {
    assertTrue(count > 0 && count <= Window.LAUNCH_MAX, () -> "launched " + count);
    assertTrue(status.steps().isActive(step), "launched by a step that is settled");
    assertTrue(
        status.state() == FlowState.RUNNING || graph.step(step).isForEnd(), "launched too late");
    Members those = members(step);
    for (int i = 0; i < count; i++) {
      Integer first = those.again.pollFirst();
      int index = first == null ? those.made++ : first;
      assertFalse(those.succeeded.contains(index), "launched what had succeeded");
      those.out.add(index);
    }
    assertTrue(those.out.size() <= Judge.atOnce(graph.step(step).kind()), "window exceeded");
    assertTrue(those.made <= known(step).width(), "launched what there is not");
    change(step, known(step).withLaunched(count));
  }

  /** A member ends, as its fate says. */
  void end(int step, int index) {
    end(step, index, fate.succeeds(step, index, status.round()));
  }

  void end(int step, int index, boolean success) {
    end(step, index, success, false);
  }

  void end(int step, int index, boolean success, boolean byDeadline) {
    assertTrue(members(step).out.remove(index), () -> "member " + index + " is not out");
    (success ? members(step).succeeded : members(step).failed).add(index);
    change(step, known(step).withEnded(success ? 1 : 0, success ? 0 : 1, byDeadline));
    status = status.withDue(step);
  }

  /** Adds members to a stream or group. */
  void add(int step, int more, boolean close) {
    assertTrue(FlowPlan.takesMembers(graph, status, this, step, more));
    StepCounts those = counts.getOrDefault(step, StepCounts.of(0, false));
    counts.put(step, those.withAdded(more, close));
    apply(new FlowEvent.Added(step));
  }

  void signal(String event) {
    if (came.add(event)) {
      apply(new FlowEvent.Signalled(event));
    }
  }

  void fire(FlowTimer timer) {
    Instant at = timers.remove(timer);
    assertNotNull(at, () -> "no timer " + timer);
    now = at.isAfter(now) ? at : now;
    apply(new FlowEvent.Fired(timer));
  }

  private void again(int step, boolean whole) {
    Members those = members(step);
    assertEquals(Set.of(), those.out, "run again with members out");
    if (whole) {
      counts.remove(step);
      members.set(step, new Members());
    } else if (counts.get(step) != null) {
      those.again.addAll(those.failed);
      those.failed.clear();
      change(step, known(step).again());
    }
  }

  private void checkEnd(List<FlowAction> actions) {
    assertTrue(actions.getLast() instanceof FlowAction.EndFlow, "the end comes last");
    assertEquals(Map.of(), timers, "timers after the end");
    for (int i = 0; i < graph.size(); i++) {
      assertTrue(status.steps().state(i).isFinal(), "a final flow with an open step");
      assertEquals(Set.of(), members(i).out, "a final flow with open members");
      assertFalse(status.steps().isDue(i), "a final flow with something to decide");
    }
  }

  private StepCounts known(int step) {
    StepCounts those = counts.get(step);
    assertNotNull(those, () -> "step " + step + " has no counters");
    return those;
  }

  private void change(int step, StepCounts those) {
    assertEquals(members(step).out.size(), those.out(), "members out");
    counts.put(step, those);
  }
}
