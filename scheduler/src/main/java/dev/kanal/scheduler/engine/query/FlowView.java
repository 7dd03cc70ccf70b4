package dev.kanal.scheduler.engine.query;

import dev.kanal.common.context.TraceContext;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.plan.FlowReason;
import dev.kanal.common.flow.plan.FlowState;
import dev.kanal.common.flow.plan.FlowStatus;
import dev.kanal.common.flow.plan.StepState;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.scheduler.engine.flow.FlowRow;
import dev.kanal.scheduler.engine.flow.FlowTables;
import dev.kanal.scheduler.engine.flow.FlowTables.Definition;
import dev.kanal.scheduler.engine.flow.FlowTables.Part;
import dev.kanal.scheduler.engine.flow.FlowTables.StepKey;
import dev.kanal.scheduler.engine.flow.MemberPlaces;
import dev.kanal.scheduler.engine.flow.StepRow;
import dev.kanal.scheduler.engine.table.Lookup;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A flow as it stands.
 *
 * @param spec what was submitted
 * @param reason why it ended, or is about to, other than by success
 * @param round 1, and one more with each retry
 * @param createdAt the log's time of the submit
 * @param finishedAt null until it has ended
 * @param deadline of this round
 * @param openMembers members of all steps that have begun and not ended
 * @param steps in the order of the definition
 * @param output of a flow that succeeded, if it has one and that could be made
 * @param commandOffset log offset of the last command that took effect
 */
public record FlowView(
    JobId id,
    FlowSpec spec,
    TraceContext trace,
    FlowState state,
    @Nullable FlowReason reason,
    int round,
    Instant createdAt,
    @Nullable Instant finishedAt,
    @Nullable Instant deadline,
    int openMembers,
    List<StepView> steps,
    @Nullable JsonBytes output,
    long commandOffset) {
  public FlowView {
    steps = List.copyOf(steps);
  }

  /** The step of a name; null if there is none. */
  public @Nullable StepView step(String name) {
    return steps.stream().filter(each -> each.spec().name().equals(name)).findFirst().orElse(null);
  }

  /** As a shard's rows have it; null if there is no such flow, or it is being forgotten. */
  public static @Nullable FlowView read(Lookup rows, JobId id) {
    FlowRow row = rows.get(FlowTables.FLOWS, id);
    Definition definition = rows.get(FlowTables.DEFINITIONS, id);
    if (row == null || definition == null || row.isForgotten()) {
      return null;
    }
    FlowStatus status = row.status();
    List<StepView> steps = new ArrayList<>();
    for (int i = 0; i < definition.spec().steps().size(); i++) {
      steps.add(step(rows, id, definition, i, status.steps().state(i)));
    }
    FlowTables.Results output = rows.get(FlowTables.RESULTS, new Part(id, FlowTables.OF_FLOW, 0));
    return new FlowView(
        id,
        definition.spec(),
        definition.trace(),
        status.state(),
        status.reason(),
        status.round(),
        Instant.ofEpochMilli(row.createdMs()),
        StepView.time(row.finishedMs()),
        status.deadline(),
        row.openMembers(),
        steps,
        output == null ? null : output.results().getFirst().json(),
        row.commandOffset());
  }

  private static StepView step(
      Lookup rows, JobId id, Definition definition, int number, StepState state) {
    var spec = definition.spec().steps().get(number);
    StepRow known = rows.get(FlowTables.STEPS, new StepKey(id, number));
    StepRow row = known == null ? new StepRow() : known;
    boolean single = spec.kind() instanceof StepKind.Job && row.next() > 0;
    JobId job =
        single ? new MemberPlaces(rows, id, definition.spec(), 1).job(number, row, 0) : null;
    return StepView.of(spec, state, row, job);
  }
}
