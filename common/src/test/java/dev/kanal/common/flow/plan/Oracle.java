package dev.kanal.common.flow.plan;

import dev.kanal.common.flow.FanOut;
import dev.kanal.common.flow.FlowGraph;
import dev.kanal.common.flow.Over;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import dev.kanal.common.flow.Tolerance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.IntPredicate;
import java.util.stream.IntStream;

/** What a flow that goes on after failures ends as, by its definition and not by its course. */
final class Oracle {
  private final FlowGraph graph;
  private final Fate fate;
  private final boolean fails;
  private final Map<Integer, StepState> ends = new HashMap<>();

  Oracle(FlowGraph graph, Fate fate) {
    this.graph = graph;
    this.fate = fate;
    boolean failsEarly = hasFailed(step -> !graph.isLate(step), false);
    this.fails = hasFailed(_ -> true, failsEarly);
  }

  /** In the order of the definition. */
  List<StepState> steps() {
    return IntStream.range(0, graph.size()).mapToObj(ends::get).toList();
  }

  FlowState flow() {
    return fails ? FlowState.FAILED : FlowState.SUCCEEDED;
  }

  /** Those that do not wait for steps that run on failure end as they do whether one fails. */
  private boolean hasFailed(IntPredicate which, boolean failsEarly) {
    boolean failed = false;
    for (int i = 0; i < graph.size(); i++) {
      if (which.test(i)) {
        failed |= end(i, failsEarly).isFailure() && !graph.step(i).optional();
      }
    }
    return failed;
  }

  private StepState end(int step, boolean failsEarly) {
    StepState known = ends.get(step);
    if (known != null) {
      return known;
    }
    StepSpec spec = graph.step(step);
    List<Boolean> met = new ArrayList<>();
    for (int need : graph.needs(step)) {
      StepState end = end(need, failsEarly);
      boolean fine = end == StepState.SUCCEEDED || (end.isFailure() && graph.step(need).optional());
      met.add(
          switch (spec.when()) {
            case SUCCEEDED -> fine;
            case ENDED -> true;
            case FAILED -> fine || graph.step(need).isForEnd();
          });
    }
    boolean runs = !met.contains(false) && (spec.when() != StepSpec.When.FAILED || failsEarly);
    StepState end = runs ? own(step, spec.kind()) : StepState.SKIPPED;
    ends.put(step, end);
    return end;
  }

  private StepState own(int step, StepKind kind) {
    return switch (kind) {
      case StepKind.Job _ -> ofMembers(step, 1, Tolerance.Failures.NONE);
      case StepKind.Map(Over.Range range, FanOut fanOut, _) ->
          ofMembers(step, range.width(), fanOut.tolerate());
      case StepKind.Map(Over.Items _, FanOut fanOut, _) ->
          ofMembers(step, fate.width(step), fanOut.tolerate());
      case StepKind.Map(Over.Stream _, FanOut fanOut, _) -> ofFed(step, fanOut);
      case StepKind.Group(_, FanOut fanOut) -> ofFed(step, fanOut);
      case StepKind.Wait(String event, _) ->
          event == null || fate.comes(event) ? StepState.SUCCEEDED : StepState.EXPIRED;
      case StepKind.Race _ -> throw new AssertionError("Expected no race");
    };
  }

  private StepState ofFed(int step, FanOut fanOut) {
    return fate.closes(step)
        ? ofMembers(step, fate.width(step), fanOut.tolerate())
        : StepState.FAILED;
  }

  private StepState ofMembers(int step, int width, Tolerance tolerate) {
    long failed = IntStream.range(0, width).filter(index -> !fate.succeeds(step, index, 1)).count();
    boolean tolerated =
        switch (tolerate) {
          case Tolerance.Failures(int most) -> failed <= most;
          case Tolerance.Percent(int most) -> failed * 100 <= (long) most * width;
        };
    return tolerated ? StepState.SUCCEEDED : StepState.FAILED;
  }
}
