package dev.kanal.common.flow.plan;

import static dev.kanal.common.flow.Steps.flow;
import static dev.kanal.common.flow.Steps.job;

import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.StepSpec.When;
import java.util.List;
import java.util.stream.IntStream;

/** What tests of single cases tell of a flow. */
final class Story {
  static final Fate FATE = new Fate(1, 100).kinder();

  private Story() {}

  static FlowWorld begun(FlowSpec spec) {
    FlowWorld world = new FlowWorld(spec, FATE);
    world.apply(new FlowEvent.Submitted());
    turns(world);
    return world;
  }

  /** Gives turns until no step is due. */
  static void turns(FlowWorld world) {
    for (var step = world.status().steps().nextDue(0);
        step.isPresent();
        step = world.status().steps().nextDue(0)) {
      world.apply(new FlowEvent.Turn(step.getAsInt()));
    }
  }

  static void succeed(FlowWorld world, String step) {
    world.end(world.graph.numberOf(step), 0, true);
    turns(world);
  }

  static void fail(FlowWorld world, String step) {
    world.end(world.graph.numberOf(step), 0, false);
    turns(world);
  }

  static List<StepState> states(FlowWorld world) {
    return IntStream.range(0, world.graph.size()).mapToObj(world.status().steps()::state).toList();
  }

  static FlowSpec saga() {
    return flow(
        job("a"),
        job("b", "a"),
        job("c", "b"),
        job("undo-c", "c").withWhen(When.FAILED),
        job("undo-b", "b", "undo-c").withWhen(When.FAILED),
        job("undo-a", "a", "undo-b").withWhen(When.FAILED));
  }
}
