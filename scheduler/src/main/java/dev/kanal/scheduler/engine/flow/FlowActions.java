package dev.kanal.scheduler.engine.flow;

import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.plan.FlowAction;
import dev.kanal.common.flow.plan.FlowEvent;
import dev.kanal.common.flow.plan.FlowPlan;
import dev.kanal.common.flow.plan.FlowReason;
import dev.kanal.common.flow.plan.FlowState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Reason;
import dev.kanal.common.job.Retention;
import dev.kanal.common.template.Filling;
import dev.kanal.common.template.Template;
import dev.kanal.common.template.TemplateException;
import dev.kanal.scheduler.engine.flow.FlowTables.Part;
import dev.kanal.scheduler.engine.flow.FlowTables.Result;
import dev.kanal.scheduler.engine.flow.FlowTables.Results;
import dev.kanal.scheduler.engine.row.TimerKind;
import dev.kanal.scheduler.engine.step.Effect;
import java.time.Duration;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Does to a flow's rows what follows from an event. Belongs to one decision. */
final class FlowActions {
  private final OpenFlow flow;
  private final Launching launching;
  private final Budget budget;

  /** What has gone wrong while actions were done. */
  private final Deque<FlowEvent> next = new ArrayDeque<>();

  FlowActions(OpenFlow flow, Budget budget) {
    this.flow = flow;
    this.launching = new Launching(flow);
    this.budget = budget;
  }

  /** Decides about an event, and about what follows from that. */
  void apply(FlowEvent event) {
    next.add(event);
    for (FlowEvent each = next.poll(); each != null; each = next.poll()) {
      FlowPlan plan = FlowPlan.of(flow.graph(), flow.row.status, flow, each, flow.now());
      flow.row.status = plan.status();
      plan.actions().forEach(this::act);
    }
  }

  void applyIfAny(@Nullable FlowEvent event) {
    if (event != null) {
      apply(event);
    }
  }

  private void act(FlowAction action) {
    switch (action) {
      case FlowAction.Start(int number) -> {
        StepRow row = flow.change(number);
        row.startedMs = flow.step.nowMs();
        row.endedMs = 0;
        row.reason = null;
      }
      case FlowAction.Open(int number) -> follow(launching.open(number));
      case FlowAction.Launch(int number, int count) ->
          follow(launching.launch(number, count, budget));
      case FlowAction.Stop(int number, _, FlowReason reason) -> stop(number, reason);
      case FlowAction.Win(int number, int branch) -> flow.change(number).winner = branch;
      case FlowAction.Lapse(int number, int branch) ->
          flow.change(number).counts = flow.known(number).withLapsed(branch);
      case FlowAction.Skip _ -> {}
      case FlowAction.End(int number, _, FlowReason reason) -> end(number, reason);
      case FlowAction.Arm(var timer, var at) -> flow.arm(timer, at.toEpochMilli());
      case FlowAction.Disarm(var timer) -> flow.disarm(timer);
      case FlowAction.Again(int number, _) ->
          throw new IllegalStateException("Expected no step to be run again, but got " + number);
      case FlowAction.EndFlow(FlowState state, _) -> endFlow(state);
    }
  }

  private void follow(@Nullable FlowEvent event) {
    if (event != null) {
      next.add(event);
    }
  }

  private void stop(int number, @Nullable FlowReason reason) {
    StepRow row = flow.change(number);
    row.reason = reason;
    row.stop = why(reason);
    row.stopped = 0;
  }

  /** The reason that cancelled jobs of members end with. */
  private static Reason why(@Nullable FlowReason reason) {
    if (reason == null) {
      return Reason.RACE_LOST;
    }
    return switch (reason) {
      case MEMBERS_FAILED, STEP_FAILED -> Reason.STEP_FAILED;
      case FLOW_CANCELLED -> Reason.FLOW_CANCELLED;
      case DEADLINE,
          INPUT_MISSING,
          INPUT_TOO_LARGE,
          INPUT_NO_ARRAY,
          STREAM_IDLE,
          EVENT_TIMEOUT,
          COLLECT_TOO_LARGE,
          FLOW_TOO_LARGE,
          ENGINE_ERROR ->
          Reason.FLOW_FAILED;
    };
  }

  private void end(int number, @Nullable FlowReason reason) {
    StepRow row = flow.change(number);
    row.endedMs = flow.step.nowMs();
    row.reason = reason == null ? row.reason : reason;
    row.stop = null;
    boolean won = flow.graph().step(number).kind() instanceof StepKind.Race && row.winner >= 0;
    if (won) {
      row.reason = reason;
    }
  }

  private void endFlow(FlowState state) {
    flow.row.finishedMs = flow.step.nowMs();
    flow.step.add(new Effect.Ended(flow.id));
    if (state == FlowState.SUCCEEDED) {
      putOutput();
    }
    Retention retention = flow.spec().retention();
    Duration kept = state == FlowState.SUCCEEDED ? retention.succeeded() : retention.other();
    flow.step.arm(
        flow.row.finishedMs + kept.toMillis(), TimerKind.FLOW, flow.subject(OpenFlow.RETENTION));
  }

  /** A flow whose output cannot be made, since a value is not there, has none. */
  private void putOutput() {
    JsonBytes output = flow.spec().output();
    if (output == null) {
      return;
    }
    try {
      Filling<Template> filling =
          Template.parse(output).atHome(new FlowValues(flow), Launching.PAYLOAD_MAX);
      if (filling instanceof Filling.Filled<Template>(Template filled)) {
        Part part = new Part(flow.id, FlowTables.OF_FLOW, 0);
        Results row = new Results(List.of(new Result(0, filled.plain())));
        flow.step.put(FlowTables.RESULTS, part, row);
      }
    } catch (TemplateException e) {
      throw new IllegalStateException("Expected a template that was checked", e);
    }
  }
}
