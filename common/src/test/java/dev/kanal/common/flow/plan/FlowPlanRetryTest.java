package dev.kanal.common.flow.plan;

import static dev.kanal.common.flow.Steps.atOnce;
import static dev.kanal.common.flow.Steps.flow;
import static dev.kanal.common.flow.Steps.job;
import static dev.kanal.common.flow.Steps.map;
import static dev.kanal.common.flow.plan.Story.begun;
import static dev.kanal.common.flow.plan.Story.fail;
import static dev.kanal.common.flow.plan.Story.saga;
import static dev.kanal.common.flow.plan.Story.states;
import static dev.kanal.common.flow.plan.Story.succeed;
import static dev.kanal.common.flow.plan.Story.turns;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import dev.kanal.common.flow.FlowSpec;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Flows that run again. Every action is checked by {@link FlowWorld} as well. */
final class FlowPlanRetryTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void shouldDoAgainWhatWasUndone_whenRetried() {
    FlowWorld world = begun(saga());
    succeed(world, "a");
    fail(world, "b");
    succeed(world, "undo-a");
    assertEquals(FlowState.FAILED, world.status().state());

    world.apply(new FlowEvent.Retried(null, null));
    turns(world);
    assertEquals(2, world.status().round());
    assertEquals(StepState.RUNNING, world.state("a"));
    succeed(world, "a");
    succeed(world, "b");
    succeed(world, "c");
    assertEquals(FlowState.SUCCEEDED, world.status().state());
    assertEquals(StepState.SKIPPED, world.state("undo-a"));
  }

  @Test
  void shouldRunOnlyMembersThatDidNotSucceed_whenRetried() {
    FlowWorld world = begun(flow(map("m", 6, atOnce(2)), job("after", "m")));
    world.end(0, 0, true);
    world.end(0, 1, false);
    turns(world);
    assertEquals(FlowState.FAILED, world.status().state());

    world.apply(new FlowEvent.Retried(null, null));
    turns(world);
    assertEquals(Set.of(1, 2), world.members(0).out);
    for (int i = 1; i < 6; i++) {
      world.end(0, i, true);
      turns(world);
    }
    assertEquals(StepState.RUNNING, world.state("after"));
  }

  @Test
  void shouldRunAStepAndWhatDependsOnItWhole_whenRetriedFromThere() {
    FlowWorld world = begun(flow(job("a"), map("m", 2, atOnce(2), "a"), job("b")));
    succeed(world, "a");
    succeed(world, "b");
    world.end(1, 0, true);
    world.end(1, 1, true);
    turns(world);
    assertEquals(FlowState.SUCCEEDED, world.status().state());
    assertEquals(List.of(), world.apply(new FlowEvent.Retried(null, null)));

    world.apply(new FlowEvent.Retried(1, null));
    turns(world);
    assertEquals(
        List.of(StepState.SUCCEEDED, StepState.RUNNING, StepState.SUCCEEDED), states(world));
    assertEquals(Set.of(0, 1), world.members(1).out);
  }

  @Test
  void shouldNotRunAgain_whenTheDeadlineHasPassed() {
    FlowSpec spec = flow(job("a")).withDeadline(FlowWorld.START.plus(MINUTE));
    FlowWorld world = begun(spec);
    world.end(0, 0, false);
    turns(world);
    assertEquals(List.of(), new Late(world).retried(null));
    assertFalse(new Late(world).retried(MINUTE.multipliedBy(3)).isEmpty());
  }

  /** The same flow two minutes later. */
  private record Late(FlowWorld world) {
    List<FlowAction> retried(@Nullable Duration deadline) {
      var event =
          new FlowEvent.Retried(null, deadline == null ? null : FlowWorld.START.plus(deadline));
      return FlowPlan.of(
              world.graph, world.status(), world, event, FlowWorld.START.plus(MINUTE).plus(MINUTE))
          .actions();
    }
  }
}
