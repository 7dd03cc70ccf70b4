package dev.kanal.scheduler.engine.query;

import dev.kanal.common.flow.FanOut;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import dev.kanal.common.flow.plan.FlowReason;
import dev.kanal.common.flow.plan.StepCounts;
import dev.kanal.common.flow.plan.StepState;
import dev.kanal.common.job.JobId;
import dev.kanal.scheduler.engine.flow.StepRow;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A step of a flow as it stands.
 *
 * @param spec its part of the definition
 * @param reason why it ended, or is about to, other than by success
 * @param counts of its members; null before its width is known, and if it has none
 * @param atOnce its window; 0 if it makes a single job or none
 * @param startedAt null until it has started
 * @param finishedAt null until it has ended
 * @param job of a step that is a single job, once it was made
 * @param winner the name of the branch of a race that won; null before
 * @param sequence of the items that were added last; 0 before the first
 */
public record StepView(
    StepSpec spec,
    StepState state,
    @Nullable FlowReason reason,
    @Nullable StepCounts counts,
    int atOnce,
    @Nullable Instant startedAt,
    @Nullable Instant finishedAt,
    @Nullable JobId job,
    @Nullable String winner,
    long sequence) {
  /** The word for its kind. */
  public String kind() {
    return switch (spec.kind()) {
      case StepKind.Job _ -> "job";
      case StepKind.Map _ -> "map";
      case StepKind.Group _ -> "group";
      case StepKind.Wait _ -> "wait";
      case StepKind.Race _ -> "race";
    };
  }

  /** The event that it waits for; null if it waits for none, and of races. */
  public @Nullable String event() {
    return spec.kind() instanceof StepKind.Wait(String event, _) ? event : null;
  }

  /** How many members have been added and not made. */
  public int unlaunched() {
    return counts == null ? 0 : counts.width() - counts.launched();
  }

  static StepView of(StepSpec spec, StepState state, StepRow row, @Nullable JobId job) {
    int atOnce =
        switch (spec.kind()) {
          case StepKind.Map(_, FanOut fanOut, _) -> fanOut.atOnce();
          case StepKind.Group(_, FanOut fanOut) -> fanOut.atOnce();
          case StepKind.Job _, StepKind.Wait _, StepKind.Race _ -> 0;
        };
    String winner =
        spec.kind() instanceof StepKind.Race(List<StepKind.Branch> branches) && row.winner() >= 0
            ? branches.get(row.winner()).name()
            : null;
    return new StepView(
        spec,
        state,
        row.reason(),
        row.counts(),
        atOnce,
        time(row.startedMs()),
        state.isFinal() ? time(row.endedMs()) : null,
        job,
        winner,
        row.sequence());
  }

  static @Nullable Instant time(long ms) {
    return ms == 0 ? null : Instant.ofEpochMilli(ms);
  }
}
