package dev.kanal.scheduler.engine.flow;

import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.plan.FlowEvent;
import dev.kanal.common.flow.plan.FlowPlan;
import dev.kanal.common.flow.plan.FlowReason;
import dev.kanal.common.flow.plan.FlowState;
import dev.kanal.common.flow.plan.FlowStatus;
import dev.kanal.common.flow.plan.FlowTimer;
import dev.kanal.common.flow.plan.StepCounts;
import dev.kanal.common.flow.plan.StepState;
import dev.kanal.common.flow.plan.StepStates;
import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Reason;
import dev.kanal.common.job.Retention;
import dev.kanal.common.log.FlowEntry.AddItems;
import dev.kanal.common.log.FlowEntry.CancelFlow;
import dev.kanal.common.log.FlowEntry.DeleteFlow;
import dev.kanal.common.log.FlowEntry.Ended;
import dev.kanal.common.log.FlowEntry.FlowCommand;
import dev.kanal.common.log.FlowEntry.RetryFlow;
import dev.kanal.common.log.FlowEntry.SignalFlow;
import dev.kanal.common.log.FlowEntry.StartFlow;
import dev.kanal.common.log.FlowItem;
import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.engine.flow.FlowTables.Definition;
import dev.kanal.scheduler.engine.flow.FlowTables.Named;
import dev.kanal.scheduler.engine.flow.FlowTables.Turn;
import dev.kanal.scheduler.engine.row.Submitted;
import dev.kanal.scheduler.engine.row.TimerKind;
import dev.kanal.scheduler.engine.step.Effect;
import dev.kanal.scheduler.engine.step.Step;

/**
 * Decides about flows in their home shards. A command that cannot be done changes nothing: who
 * asked reads the verdict from the flow, whose {@code commandOffset} is that of the last one that
 * took effect.
 */
public final class FlowDecisions {
  private final Shards shards;

  public FlowDecisions(Shards shards) {
    this.shards = shards;
  }

  public void command(Step step, FlowCommand command) {
    if (command instanceof StartFlow start) {
      start(step, start);
      return;
    }
    OpenFlow flow = OpenFlow.of(step, command.flow(), shards);
    if (flow == null || flow.row.isForgotten()) {
      return;
    }
    FlowActions actions = new FlowActions(flow, new Budget());
    FlowState before = flow.row.status.state();
    boolean taken =
        switch (command) {
          case StartFlow _ -> false;
          case CancelFlow(_, var all) -> cancel(flow, actions, all);
          case RetryFlow _ -> false;
          case SignalFlow(_, var event, var payload) ->
              !before.isFinal()
                  && payload.length() <= SignalFlow.PAYLOAD_MAX
                  && signal(flow, actions, new Named(flow.id, event), payload);
          case AddItems items -> !before.isFinal() && addItems(flow, actions, items);
          case DeleteFlow _ -> before.isFinal() && delete(flow);
        };
    if (taken) {
      flow.row.commandOffset = step.meta().offset();
      flow.save();
    }
  }

  private void start(Step step, StartFlow start) {
    FlowSpec spec = start.spec();
    Idempotency idempotency = spec.idempotency();
    boolean repeated = idempotency != null && step.has(FlowTables.SUBMITTED, idempotency.key());
    if (repeated || step.has(FlowTables.FLOWS, start.flow())) {
      return;
    }
    step.put(FlowTables.DEFINITIONS, start.flow(), new Definition(spec, start.trace()));
    if (idempotency != null) {
      step.put(FlowTables.SUBMITTED, idempotency.key(), Submitted.of(start.flow(), idempotency));
    }
    FlowRow row = new FlowRow(FlowStatus.of(spec), step.nowMs());
    row.commandOffset = step.meta().offset();
    OpenFlow flow = new OpenFlow(step, start.flow(), row, shards);
    new FlowActions(flow, new Budget()).apply(new FlowEvent.Submitted());
    flow.save();
  }

  private static boolean cancel(OpenFlow flow, FlowActions actions, boolean all) {
    if (flow.row.status.state().isFinal()) {
      return false;
    }
    actions.apply(new FlowEvent.Cancelled(all));
    return true;
  }

  private static boolean signal(
      OpenFlow flow, FlowActions actions, Named event, JsonBytes payload) {
    if (flow.graph().waiting(event.name()).isEmpty() || flow.hasCome(event.name())) {
      return false;
    }
    flow.step.put(FlowTables.EVENTS, event, payload);
    actions.apply(new FlowEvent.Signalled(event.name()));
    return true;
  }

  private static boolean addItems(OpenFlow flow, FlowActions actions, AddItems add) {
    int number = flow.graph().numberOf(add.step());
    if (number < 0) {
      return false;
    }
    StepKind kind = flow.graph().step(number).kind();
    StepRow row = flow.read(number);
    int more = add.items().size();
    StepCounts known = row.counts;
    StepCounts counts = known == null ? StepCounts.of(0, false) : known;
    boolean whole = kind instanceof StepKind.Group;
    if (add.sequence() != row.sequence + 1
        || counts.width() - row.next > AddItems.WAITING_MAX
        || add.items().stream().anyMatch(each -> each instanceof FlowItem.Whole != whole)
        || !FlowPlan.takesMembers(flow.graph(), flow.row.status, flow, number, more)) {
      return false;
    }
    ItemRows.append(flow, number, counts.width(), add.items());
    StepRow changed = flow.change(number);
    changed.counts = counts.withAdded(more, add.close());
    changed.sequence = add.sequence();
    actions.apply(new FlowEvent.Added(number));
    return true;
  }

  private static boolean delete(OpenFlow flow) {
    flow.row.forgottenStep = 0;
    flow.row.forgottenIndex = 0;
    return true;
  }

  /** Members have ended. */
  public void ended(Step step, Ended ended) {
    OpenFlow flow = OpenFlow.of(step, ended.flow(), shards);
    if (flow == null
        || flow.row.status.state().isFinal()
        || flow.row.status.round() != ended.round()) {
      return;
    }
    int number = flow.graph().numberOf(ended.step());
    if (number >= 0) {
      FlowEvent wrong = new MemberEnds(flow, number).count(ended);
      new FlowActions(flow, new Budget()).applyIfAny(wrong);
      flow.save();
    }
  }

  /** A flow decides about its steps, as far as a turn goes. */
  public void turn(Step step, Turn turn) {
    step.delete(FlowTables.TURNS, turn);
    OpenFlow flow = OpenFlow.of(step, turn.flow(), shards);
    if (flow == null || flow.row.turn != turn.number()) {
      return;
    }
    flow.row.turn = FlowRow.NONE;
    Budget budget = new Budget();
    if (flow.row.isForgotten()) {
      new Stopping(flow).forgetSome(budget);
    } else if (!flow.row.status.state().isFinal()) {
      stopAndDecide(flow, budget);
    }
    flow.save();
  }

  private static void stopAndDecide(OpenFlow flow, Budget budget) {
    Stopping stopping = new Stopping(flow);
    FlowActions actions = new FlowActions(flow, budget);
    while (budget.isLeft()) {
      int stop = flow.nextStop();
      Reason why = stop < 0 ? null : flow.read(stop).stop;
      int due = flow.nextDue();
      if (why != null) {
        stopping.cancelSome(stop, why, budget);
      } else if (due >= 0) {
        actions.apply(new FlowEvent.Turn(due));
      } else {
        return;
      }
      budget.spendStep();
    }
  }

  /** A timer of a flow is due. */
  public void due(Step step, String subject) {
    String[] parts = subject.split("/", 3);
    FlowTimer timer = new FlowTimer(Integer.parseInt(parts[1]), Integer.parseInt(parts[2]));
    OpenFlow flow = OpenFlow.of(step, JobId.parse(parts[0]), shards);
    if (flow == null || flow.row.isForgotten()) {
      return;
    }
    if (timer.equals(OpenFlow.RETENTION)) {
      if (flow.row.status.state().isFinal() && isOver(flow)) {
        var _ = delete(flow);
      }
    } else if (!timer.equals(OpenFlow.STALLED)) {
      long dueMs = flow.timer(timer);
      if (dueMs == FlowRow.NONE || dueMs > step.nowMs()) {
        return;
      }
      flow.fired(timer);
      new FlowActions(flow, new Budget()).apply(new FlowEvent.Fired(timer));
    }
    flow.save();
  }

  private static boolean isOver(OpenFlow flow) {
    Retention kept = flow.spec().retention();
    boolean succeeded = flow.row.status.state() == FlowState.SUCCEEDED;
    long keptMs = (succeeded ? kept.succeeded() : kept.other()).toMillis();
    return flow.row.finishedMs + keptMs <= flow.step.nowMs();
  }

  /** Something of a flow cannot be decided: it stops what it does, and ends. */
  public static void fail(Step step, JobId id, Shards shards) {
    OpenFlow flow = OpenFlow.of(step, id, shards);
    if (flow != null && !flow.row.isForgotten() && !flow.row.status.state().isFinal()) {
      // Whatever failed stands in its row no longer, so that it has another turn.
      flow.row.turn = FlowRow.NONE;
      new FlowActions(flow, new Budget()).apply(new FlowEvent.FlowFailed(FlowReason.ENGINE_ERROR));
      flow.save();
    }
  }

  /** A flow cannot begin: there it is, and it has failed. */
  public static void refuse(Step step, StartFlow start) {
    if (!step.has(FlowTables.FLOWS, start.flow())) {
      step.put(FlowTables.DEFINITIONS, start.flow(), new Definition(start.spec(), start.trace()));
      FlowRow row = new FlowRow(FlowStatus.of(start.spec()), step.nowMs());
      step.put(FlowTables.FLOWS, start.flow(), row);
      abandon(step, start.flow());
    }
  }

  /** Not even that can be decided: it has ended, and its members end by themselves. */
  public static void abandon(Step step, JobId id) {
    FlowRow row = step.get(FlowTables.FLOWS, id);
    if (row == null || row.isForgotten() || row.status.state().isFinal()) {
      return;
    }
    FlowStatus was = row.status;
    row.turn = FlowRow.NONE;
    row.finishedMs = step.nowMs();
    row.status =
        new FlowStatus(
            FlowState.FAILED,
            FlowState.FAILED,
            FlowReason.ENGINE_ERROR,
            was.round(),
            was.deadline(),
            ended(was.steps()));
    step.put(FlowTables.FLOWS, id, row);
    step.add(new Effect.Ended(id));
    long untilMs = step.nowMs() + Retention.DEFAULT.other().toMillis();
    step.arm(untilMs, TimerKind.FLOW, id + "/" + OpenFlow.RETENTION.step() + "/0");
  }

  private static StepStates ended(StepStates steps) {
    byte[] bytes = new byte[steps.size()];
    for (int i = 0; i < bytes.length; i++) {
      StepState state = steps.state(i);
      StepState end =
          state == StepState.WAITING
              ? StepState.SKIPPED
              : state == StepState.RUNNING ? StepState.CANCELLED : state;
      bytes[i] = (byte) end.code();
    }
    return StepStates.fromBytes(bytes);
  }

  /** The id of the flow whose timer this is. */
  public static JobId flowOf(String subject) {
    return JobId.parse(subject.substring(0, subject.indexOf('/')));
  }
}
