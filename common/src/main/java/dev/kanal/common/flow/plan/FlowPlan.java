package dev.kanal.common.flow.plan;

import dev.kanal.common.flow.FlowGraph;
import dev.kanal.common.job.Owner;
import java.time.Instant;
import java.util.List;

/**
 * What follows from an event of a flow.
 *
 * <p>A flow is run by these rules. Whoever keeps it applies the actions of each plan, and gives a
 * {@link FlowEvent.Turn} to each step that is due, until none is: a step is due after a plan said
 * so, and whoever counts an end of a member makes its step due ({@link FlowStatus#withDue}). What a
 * turn decides follows from the counters, so ends may be counted in any order and many at once. A
 * plan touches the steps that the event is about and those that depend on them; only the end of the
 * whole flow and its retry look at all.
 *
 * @param status where the flow stands now
 */
public record FlowPlan(FlowStatus status, List<FlowAction> actions) {
  public FlowPlan {
    actions = List.copyOf(actions);
  }

  /** Decides about an event; {@code status} is where the flow stands before. */
  public static FlowPlan of(
      FlowGraph graph, FlowStatus status, FlowFacts facts, FlowEvent event, Instant now) {
    return new Decision(graph, status, facts, now).decide(event);
  }

  /**
   * Whether so many members may be added to a step: it is a stream or group that waits or runs,
   * nobody closed it, and it is not wider than a step may be with them.
   */
  public static boolean takesMembers(
      FlowGraph graph, FlowStatus status, FlowFacts facts, int step, int more) {
    StepStates steps = status.steps();
    if (!graph.step(step).kind().isFed()
        || !(steps.isActive(step) || steps.state(step) == StepState.WAITING)) {
      return false;
    }
    StepCounts counts = facts.counts(step);
    return counts == null ? more <= Owner.INDICES : counts.takes(more);
  }
}
