package dev.kanal.scheduler.engine.flow;

import dev.kanal.common.job.JobId;
import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.engine.step.Step;

/** Faults that a model of flows has to find. */
public final class FlowFaults {
  private FlowFaults() {}

  /** Some member of the flow is counted twice. */
  public static void countTwice(Step step, JobId id, Shards shards) {
    OpenFlow flow = OpenFlow.of(step, id, shards);
    for (int i = 0; flow != null && i < flow.graph().size(); i++) {
      var counts = flow.read(i).counts;
      if (counts != null && counts.out() > 0) {
        flow.change(i).counts = counts.withEnded(1, 0, false);
        flow.save();
        return;
      }
    }
  }

  /** Some step makes more members than it may. */
  public static void launchMore(Step step, JobId id, Shards shards) {
    OpenFlow flow = OpenFlow.of(step, id, shards);
    for (int i = 0; flow != null && i < flow.graph().size(); i++) {
      var counts = flow.read(i).counts;
      boolean active = flow.row.status.steps().isActive(i);
      if (active && counts != null && counts.width() > counts.launched() && counts.out() > 0) {
        var _ = new Launching(flow).launch(i, 1, new Budget());
        flow.save();
        return;
      }
    }
  }
}
