package dev.kanal.common.flow.plan;

import dev.kanal.common.flow.Over;
import dev.kanal.common.flow.StepKind;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/** The timers that a step may have: of what it waits for, or of its idleness. */
final class StepTimers {
  private StepTimers() {}

  static void arm(int step, StepKind kind, Instant now, List<FlowAction> actions) {
    each(
        kind,
        (branch, time) ->
            actions.add(new FlowAction.Arm(new FlowTimer(step, branch), now.plus(time))));
  }

  static void disarm(int step, StepKind kind, List<FlowAction> actions) {
    each(kind, (branch, _) -> actions.add(new FlowAction.Disarm(new FlowTimer(step, branch))));
  }

  private static void each(StepKind kind, BiConsumer<Integer, Duration> timer) {
    switch (kind) {
      case StepKind.Wait wait -> ofWait(0, wait, timer);
      case StepKind.Race(List<StepKind.Branch> branches) -> {
        for (int i = 0; i < branches.size(); i++) {
          if (branches.get(i).kind() instanceof StepKind.Wait wait) {
            ofWait(i, wait, timer);
          }
        }
      }
      case StepKind.Map(Over.Stream(Duration idle), _, _) -> timer.accept(0, idle);
      case StepKind.Group(Duration idle, _) -> timer.accept(0, idle);
      case StepKind.Map _, StepKind.Job _ -> {}
    }
  }

  private static void ofWait(int branch, StepKind.Wait wait, BiConsumer<Integer, Duration> timer) {
    @Nullable Duration timeout = wait.timeout();
    if (timeout != null) {
      timer.accept(branch, timeout);
    }
  }
}
