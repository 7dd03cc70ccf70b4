package dev.kanal.common.flow.plan;

import dev.kanal.common.flow.FlowGraph;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.StepSpec;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.json.JsonDocuments;
import java.time.Instant;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Where a flow stands.
 *
 * @param outcome what it will end as if nothing more goes wrong: {@code SUCCEEDED} until something
 *     has; the state itself once that is final
 * @param reason of an outcome other than success
 * @param round 1, and one more with each retry
 * @param deadline of this round
 */
public record FlowStatus(
    FlowState state,
    FlowState outcome,
    @Nullable FlowReason reason,
    int round,
    @Nullable Instant deadline,
    StepStates steps) {
  /** Of a flow that has just been submitted. */
  public static FlowStatus of(FlowSpec spec) {
    return new FlowStatus(
        FlowState.RUNNING,
        FlowState.SUCCEEDED,
        null,
        1,
        spec.deadline(),
        StepStates.waiting(spec.steps().size()));
  }

  /** A step has something to decide: its counters changed. */
  public FlowStatus withDue(int step) {
    return new FlowStatus(state, outcome, reason, round, deadline, steps.withDue(step));
  }

  /** The deadline of a step's jobs; null without one. */
  public @Nullable Instant deadlineOf(StepSpec step) {
    return deadline == null || !step.isForEnd() ? deadline : deadline.plus(FlowSpec.GRACE);
  }

  /** What {@code $flow} in templates stands for. */
  public JsonBytes describe(JobId id, FlowGraph graph) {
    List<String> failed =
        IntStream.range(0, steps.size())
            .filter(this::hasFailed)
            .mapToObj(step -> graph.step(step).name())
            .toList();
    return JsonBytes.wrap(
        JsonDocuments.write(
            new Described(
                id.toString(), graph.spec().name(), round, state.name(), outcome.name(), failed)));
  }

  private boolean hasFailed(int step) {
    StepState verdict = steps.verdict(step);
    return (verdict == null ? steps.state(step) : verdict).isFailure();
  }

  /** The names of fields, and their order, are those that users see. */
  private record Described(
      String id, String name, int round, String state, String outcome, List<String> failed) {}
}
