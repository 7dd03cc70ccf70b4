package dev.kanal.scheduler.engine.flow;

import dev.kanal.common.job.Reason;
import dev.kanal.scheduler.engine.flow.FlowTables.Part;
import dev.kanal.scheduler.engine.flow.MemberBits.End;
import dev.kanal.scheduler.engine.table.Table;
import java.util.List;

/** Cancels the members of a step that are out, and forgets those of a flow that is over. */
final class Stopping {
  /** Rows of one step that one turn of forgetting deletes. */
  private static final int ROWS = 100;

  private final OpenFlow flow;
  private final Places places;

  Stopping(OpenFlow flow) {
    this.flow = flow;
    this.places = new Places(flow);
  }

  /** Cancels the next of a step's members. */
  void cancelSome(int number, Reason why, Budget budget) {
    StepRow row = flow.change(number);
    MemberSender sender = new MemberSender(flow, number);
    int end = Math.min(row.next, row.stopped + Budget.LOOKED_MAX);
    int index = row.stopped;
    for (; index < end && budget.isLeft(); index++) {
      if (flow.members(number, index).end(index) == End.NONE) {
        sender.cancel(places.of(number, index), index, why);
        budget.spend(1, 0);
      }
    }
    sender.flushCancels(why);
    row.stopped = index;
    if (index >= row.next) {
      row.stop = null;
    }
  }

  /** Forgets some of what is left of a flow. */
  void forgetSome(Budget budget) {
    FlowRow row = flow.row;
    if (row.forgottenStep < flow.graph().size()) {
      forgetStep(row.forgottenStep, budget);
      return;
    }
    int left =
        flow.step.deleteFirst(FlowTables.of(FlowTables.RESULTS, flow.id, FlowTables.OF_FLOW), ROWS);
    if (left < ROWS) {
      flow.forget();
    }
  }

  private void forgetStep(int number, Budget budget) {
    FlowRow row = flow.row;
    StepRow step = flow.read(number);
    MemberSender sender = new MemberSender(flow, number);
    int index = row.forgottenIndex;
    for (; index < step.next && budget.isLeft(); index++) {
      sender.forget(places.of(number, index), index);
      budget.spend(1, 0);
    }
    sender.flushForgotten();
    row.forgottenIndex = index;
    if (index < step.next) {
      return;
    }
    int most = 0;
    for (Table<Part, ?> table : List.of(FlowTables.MEMBERS, FlowTables.ITEMS, FlowTables.RESULTS)) {
      most = Math.max(most, flow.step.deleteFirst(FlowTables.of(table, flow.id, number), ROWS));
    }
    if (most == ROWS) {
      return;
    }
    sender.forgetStep(step);
    step.changed = false;
    flow.step.delete(FlowTables.STEPS, new FlowTables.StepKey(flow.id, number));
    row.forgottenStep++;
    row.forgottenIndex = 0;
  }
}
