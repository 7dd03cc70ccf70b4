package dev.kanal.common.flow.plan;

import dev.kanal.common.flow.FlowGraph;
import dev.kanal.common.flow.StepKind;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One decision about a flow, by what the event is about; belongs to one call. */
final class Decision {
  private final FlowGraph graph;
  private final Instant now;
  private final StepChanges changes;
  private final StepStates steps;
  private final FlowChanges flow;

  Decision(FlowGraph graph, FlowStatus status, FlowFacts facts, Instant now) {
    this.graph = graph;
    this.now = now;
    this.changes = new StepChanges(graph, status.steps(), facts);
    this.steps = changes.steps();
    this.flow = new FlowChanges(graph, status, changes, now);
  }

  FlowPlan decide(FlowEvent event) {
    if (flow.isFinal() == event instanceof FlowEvent.Retried) {
      handle(event);
      flow.settle();
    }
    return new FlowPlan(flow.status(), changes.actions());
  }

  private void handle(FlowEvent event) {
    switch (event) {
      case FlowEvent.Submitted() -> flow.begin();
      case FlowEvent.Turn(int step) -> turn(step);
      case FlowEvent.Added(int step) -> added(step);
      case FlowEvent.StepFailed(int step, FlowReason why) -> {
        if (steps.isActive(step)) {
          flow.fail(step, StepState.FAILED, why);
        }
      }
      case FlowEvent.FlowFailed(FlowReason why) -> flow.fail(why);
      case FlowEvent.Signalled(String name) -> {
        for (FlowGraph.Waiting each : graph.waiting(name)) {
          if (steps.isActive(each.step())) {
            flow.succeed(each.step(), each.branch());
          }
        }
      }
      case FlowEvent.Fired(FlowTimer timer) -> fired(timer);
      case FlowEvent.Cancelled(boolean all) -> flow.cancel(all);
      case FlowEvent.Retried(Integer from, Instant until) -> flow.retry(from, until);
    }
  }

  private void turn(int step) {
    changes.due(step, false);
    if (steps.state(step) != StepState.RUNNING || changes.kind(step) instanceof StepKind.Wait) {
      return;
    }
    StepCounts counts = changes.counts(step);
    // Of one that is settled nothing new follows: the flow's own timer says when time has passed.
    if (counts != null && counts.expired() && steps.isActive(step)) {
      flow.passedFor(step);
    }
    if (steps.isActive(step)) {
      decide(step, counts);
    } else if (counts == null || counts.out() == 0) {
      finish(step);
    }
  }

  /** Ends a step that is settled, as the last of its members has ended. */
  private void finish(int step) {
    StepState verdict = steps.verdict(step);
    if (verdict != null) {
      changes.end(step, verdict, null);
    }
  }

  private void decide(int step, @Nullable StepCounts counts) {
    if (counts == null) {
      changes.add(new FlowAction.Open(step));
      changes.due(step, true);
      return;
    }
    StepKind kind = changes.kind(step);
    StepState verdict = Judge.verdict(kind, counts);
    if (verdict == null) {
      launch(step, Judge.atOnce(kind), counts);
    } else if (verdict == StepState.SUCCEEDED) {
      changes.close(step, verdict, null);
    } else {
      flow.fail(step, verdict, FlowReason.MEMBERS_FAILED);
    }
  }

  private void launch(int step, int atOnce, StepCounts counts) {
    int count = Window.refill(atOnce, counts);
    if (count > 0) {
      changes.add(new FlowAction.Launch(step, count));
      changes.due(step, Window.refill(atOnce, counts.withLaunched(count)) > 0);
    }
  }

  private void added(int step) {
    if (steps.isActive(step)) {
      changes.due(step, true);
      if (changes.isSealed(step)) {
        changes.disarm(step);
      } else {
        changes.arm(step, now);
      }
    }
  }

  private void fired(FlowTimer timer) {
    int step = timer.step();
    if (timer.equals(FlowTimer.OF_FLOW)) {
      flow.passed(now);
    } else if (steps.isActive(step)) {
      switch (changes.kind(step)) {
        case StepKind.Wait wait when wait.event() == null -> flow.succeed(step, 0);
        case StepKind.Wait _ -> flow.fail(step, StepState.EXPIRED, FlowReason.EVENT_TIMEOUT);
        case StepKind.Race(List<StepKind.Branch> branches) ->
            branchFired(step, timer.branch(), branches.get(timer.branch()).kind());
        case StepKind.Map _, StepKind.Group _ -> {
          if (!changes.isSealed(step)) {
            flow.fail(step, StepState.FAILED, FlowReason.STREAM_IDLE);
          }
        }
        case StepKind.Job _ -> {}
      }
    }
  }

  private void branchFired(int step, int branch, StepKind.Single kind) {
    if (kind instanceof StepKind.Wait wait && wait.event() == null) {
      flow.succeed(step, branch);
      return;
    }
    if (changes.counts(step) == null) {
      changes.add(new FlowAction.Open(step));
    }
    changes.add(new FlowAction.Lapse(step, branch));
    changes.due(step, true);
  }
}
