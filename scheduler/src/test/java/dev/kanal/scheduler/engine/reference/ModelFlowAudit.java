package dev.kanal.scheduler.engine.reference;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.flow.plan.StepCounts;
import dev.kanal.scheduler.engine.flow.FlowTables;
import dev.kanal.scheduler.engine.flow.FlowTables.StepKey;
import dev.kanal.scheduler.engine.flow.MemberBits.End;
import dev.kanal.scheduler.engine.flow.MemberPlaces;
import dev.kanal.scheduler.engine.flow.StepRow;
import dev.kanal.scheduler.engine.query.FlowView;
import dev.kanal.scheduler.engine.query.StepView;
import dev.kanal.scheduler.engine.table.Lookup;

/** Counts the members of a flow again, one by one. */
final class ModelFlowAudit {
  private ModelFlowAudit() {}

  static void check(Lookup rows, FlowView flow) {
    MemberPlaces places = new MemberPlaces(rows, flow.id(), flow.spec(), ModelWorld.SHARDS);
    int open = 0;
    for (int number = 0; number < flow.steps().size(); number++) {
      StepView step = flow.steps().get(number);
      StepRow row = rows.get(FlowTables.STEPS, new StepKey(flow.id(), number));
      StepCounts counts = step.counts();
      if (row == null || counts == null) {
        continue;
      }
      int ended = 0;
      int failed = 0;
      for (int index = 0; index < row.next(); index++) {
        End end = places.end(number, index);
        ended += end == End.NONE ? 0 : 1;
        failed += end == End.NONE || end == End.SUCCEEDED ? 0 : 1;
      }
      String what = flow.id() + " " + step;
      assertEquals(row.next(), counts.launched(), () -> "launched of " + what);
      assertEquals(ended, counts.ended(), () -> "ended of " + what);
      assertEquals(failed, counts.failed(), () -> "failed of " + what);
      int window = step.atOnce() == 0 ? counts.width() : step.atOnce();
      assertTrue(counts.out() <= window, () -> "out of " + what);
      assertTrue(!step.state().isFinal() || counts.out() == 0, () -> "ended with members " + what);
      open += counts.out();
    }
    assertEquals(flow.openMembers(), open, () -> "open members of " + flow);
  }
}
