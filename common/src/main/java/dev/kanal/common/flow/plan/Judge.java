package dev.kanal.common.flow.plan;

import dev.kanal.common.flow.FanOut;
import dev.kanal.common.flow.StepKind;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a step's counters say. */
final class Judge {
  private Judge() {}

  /**
   * What becomes of a step; null while that is open. The order in which members ended is no matter.
   */
  static @Nullable StepState verdict(StepKind kind, StepCounts counts) {
    return switch (kind) {
      case StepKind.Job _ -> ofOne(counts);
      case StepKind.Map(_, FanOut fanOut, _) -> ofMany(fanOut, counts);
      case StepKind.Group(_, FanOut fanOut) -> ofMany(fanOut, counts);
      case StepKind.Race(List<StepKind.Branch> branches) -> ofRace(branches, counts);
      case StepKind.Wait _ -> null;
    };
  }

  /** How many members of a step may be out. */
  static int atOnce(StepKind kind) {
    return switch (kind) {
      case StepKind.Job _ -> 1;
      case StepKind.Map(_, FanOut fanOut, _) -> fanOut.atOnce();
      case StepKind.Group(_, FanOut fanOut) -> fanOut.atOnce();
      case StepKind.Race(List<StepKind.Branch> branches) -> branches.size();
      case StepKind.Wait _ -> 0;
    };
  }

  private static @Nullable StepState ofOne(StepCounts counts) {
    if (counts.ended() == 0) {
      return null;
    }
    return counts.failed() == 0 ? StepState.SUCCEEDED : StepState.FAILED;
  }

  private static @Nullable StepState ofMany(FanOut fanOut, StepCounts counts) {
    if (fanOut.tolerate().isExceeded(counts.failed(), counts.width(), counts.sealed())) {
      return StepState.FAILED;
    }
    return counts.sealed() && counts.ended() == counts.width() ? StepState.SUCCEEDED : null;
  }

  private static @Nullable StepState ofRace(List<StepKind.Branch> branches, StepCounts counts) {
    if (counts.succeeded() > 0) {
      return StepState.SUCCEEDED;
    }
    boolean waits = false;
    for (int i = 0; i < branches.size(); i++) {
      boolean isWait = branches.get(i).kind() instanceof StepKind.Wait;
      waits |= isWait && (counts.lapsed() & 1 << i) == 0;
    }
    return counts.failed() == counts.width() && !waits ? StepState.FAILED : null;
  }
}
