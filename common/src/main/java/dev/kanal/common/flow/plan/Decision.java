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
  private final Ledger ledger;
  private final StepStates steps;
  private final Course course;

  Decision(FlowGraph graph, FlowStatus status, FlowFacts facts, Instant now) {
    this.graph = graph;
    this.now = now;
    this.ledger = new Ledger(graph, status.steps(), facts);
    this.steps = ledger.steps();
    this.course = new Course(graph, status, ledger, now);
  }

  FlowPlan decide(FlowEvent event) {
    if (course.isFinal() == event instanceof FlowEvent.Retried) {
      handle(event);
      course.settle();
    }
    return new FlowPlan(course.status(), ledger.actions());
  }

  private void handle(FlowEvent event) {
    switch (event) {
      case FlowEvent.Submitted() -> course.begin();
      case FlowEvent.Turn(int step) -> turn(step);
      case FlowEvent.Added(int step) -> added(step);
      case FlowEvent.StepFailed(int step, FlowReason why) -> {
        if (steps.isActive(step)) {
          course.fail(step, StepState.FAILED, why);
        }
      }
      case FlowEvent.FlowFailed(FlowReason why) -> course.fail(why);
      case FlowEvent.Signalled(String name) -> {
        for (FlowGraph.Waiting each : graph.waiting(name)) {
          if (steps.isActive(each.step())) {
            course.succeed(each.step(), each.branch());
          }
        }
      }
      case FlowEvent.Fired(FlowTimer timer) -> fired(timer);
      case FlowEvent.Cancelled(boolean all) -> course.cancel(all);
      case FlowEvent.Retried(Integer from, Instant until) -> course.retry(from, until);
    }
  }

  private void turn(int step) {
    ledger.due(step, false);
    if (steps.state(step) != StepState.RUNNING || ledger.kind(step) instanceof StepKind.Wait) {
      return;
    }
    StepCounts counts = ledger.counts(step);
    // Of one that is settled nothing new follows: the flow's own timer says when time has passed.
    if (counts != null && counts.expired() && steps.isActive(step)) {
      course.passedFor(step);
    }
    if (steps.isActive(step)) {
      decide(step, counts);
    } else if (counts == null || counts.out() == 0) {
      finish(step);
    }
  }

  /** Ends a step that was settled before. */
  private void finish(int step) {
    StepState verdict = steps.verdict(step);
    if (verdict != null) {
      ledger.end(step, verdict, null);
    }
  }

  private void decide(int step, @Nullable StepCounts counts) {
    if (counts == null) {
      ledger.add(new FlowAction.Open(step));
      ledger.due(step, true);
      return;
    }
    StepKind kind = ledger.kind(step);
    StepState verdict = Judge.verdict(kind, counts);
    if (verdict == null) {
      launch(step, Judge.atOnce(kind), counts);
    } else if (verdict == StepState.SUCCEEDED) {
      ledger.close(step, verdict, null);
    } else {
      course.fail(step, verdict, FlowReason.MEMBERS_FAILED);
    }
  }

  private void launch(int step, int atOnce, StepCounts counts) {
    int count = Window.refill(atOnce, counts);
    if (count > 0) {
      ledger.add(new FlowAction.Launch(step, count));
      ledger.due(step, Window.refill(atOnce, counts.withLaunched(count)) > 0);
    }
  }

  private void added(int step) {
    if (steps.isActive(step)) {
      ledger.due(step, true);
      if (ledger.isSealed(step)) {
        ledger.disarm(step);
      } else {
        ledger.arm(step, now);
      }
    }
  }

  private void fired(FlowTimer timer) {
    int step = timer.step();
    if (timer.equals(FlowTimer.OF_FLOW)) {
      course.passed(now);
    } else if (steps.isActive(step)) {
      switch (ledger.kind(step)) {
        case StepKind.Wait wait when wait.event() == null -> course.succeed(step, 0);
        case StepKind.Wait _ -> course.fail(step, StepState.EXPIRED, FlowReason.EVENT_TIMEOUT);
        case StepKind.Race(List<StepKind.Branch> branches) ->
            branchFired(step, timer.branch(), branches.get(timer.branch()).kind());
        case StepKind.Map _, StepKind.Group _ -> {
          if (!ledger.isSealed(step)) {
            course.fail(step, StepState.FAILED, FlowReason.STREAM_IDLE);
          }
        }
        case StepKind.Job _ -> {}
      }
    }
  }

  private void branchFired(int step, int branch, StepKind.Single kind) {
    if (kind instanceof StepKind.Wait wait && wait.event() == null) {
      course.succeed(step, branch);
      return;
    }
    if (ledger.counts(step) == null) {
      ledger.add(new FlowAction.Open(step));
    }
    ledger.add(new FlowAction.Lapse(step, branch));
    ledger.due(step, true);
  }
}
