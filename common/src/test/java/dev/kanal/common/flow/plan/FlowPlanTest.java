package dev.kanal.common.flow.plan;

import static dev.kanal.common.flow.Steps.atOnce;
import static dev.kanal.common.flow.Steps.flow;
import static dev.kanal.common.flow.Steps.job;
import static dev.kanal.common.flow.Steps.map;
import static dev.kanal.common.flow.Steps.tolerate;
import static dev.kanal.common.flow.plan.Story.begun;
import static dev.kanal.common.flow.plan.Story.states;
import static dev.kanal.common.flow.plan.Story.turns;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.Over;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import dev.kanal.common.flow.Tolerance;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** What steps do. Every action is checked by {@link FlowWorld} as well. */
final class FlowPlanTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void shouldRunOneStepAfterTheOther() {
    FlowWorld world = begun(flow(job("b", "a"), job("a")));

    assertEquals(List.of(StepState.WAITING, StepState.RUNNING), states(world));
    world.end(1, 0, true);
    turns(world);
    assertEquals(List.of(StepState.RUNNING, StepState.SUCCEEDED), states(world));
    world.end(0, 0, true);
    turns(world);
    assertEquals(FlowState.SUCCEEDED, world.status().state());
  }

  @Test
  void shouldSucceedAtOnce_whenAMapHasNoItems() {
    FlowWorld world = begun(flow(map("none", 0, atOnce(5)), job("after", "none")));

    assertEquals(StepState.SUCCEEDED, world.state("none"));
    assertEquals(StepState.RUNNING, world.state("after"));
  }

  @Test
  void shouldTreatOneItemAsAny() {
    FlowWorld world = begun(flow(map("one", 1, atOnce(5))));

    assertEquals(Set.of(0), world.members(0).out);
    world.end(0, 0, true);
    turns(world);
    assertEquals(FlowState.SUCCEEDED, world.status().state());
  }

  @Test
  void shouldCancelTheOthers_whenAStepFails() {
    FlowWorld world = begun(flow(job("a"), map("b", 4, atOnce(2)), job("c", "b")));
    world.end(0, 0, false);
    turns(world);

    assertEquals(FlowState.ENDING, world.status().state());
    assertEquals(List.of(StepState.FAILED, StepState.RUNNING, StepState.SKIPPED), states(world));
    assertEquals(StepState.CANCELLED, world.status().steps().verdict(1));
    world.end(1, 0, true);
    turns(world);
    assertEquals(StepState.RUNNING, world.state("b"));
    world.end(1, 1, false);
    turns(world);
    assertEquals(StepState.CANCELLED, world.state("b"));
    assertEquals(FlowState.FAILED, world.status().state());
    assertEquals(FlowReason.STEP_FAILED, world.status().reason());
  }

  @Test
  void shouldGoOn_whenAnOptionalStepFails() {
    FlowWorld world = begun(flow(job("a").withOptional(true), job("b", "a")));
    world.end(0, 0, false);
    turns(world);
    world.end(1, 0, true);
    turns(world);

    assertEquals(List.of(StepState.FAILED, StepState.SUCCEEDED), states(world));
    assertEquals(FlowState.SUCCEEDED, world.status().state());
  }

  @Test
  void shouldFail_whenMoreFailThanIsTolerated() {
    FlowSpec spec = flow(map("m", 10, tolerate(new Tolerance.Percent(20))));
    FlowWorld world = begun(spec);
    world.end(0, 4, false);
    world.end(0, 7, false);
    turns(world);
    assertTrue(world.status().steps().isActive(0));

    world.end(0, 1, false);
    turns(world);
    assertEquals(StepState.FAILED, world.status().steps().verdict(0));
  }

  @Test
  void shouldJudgePercentOfAStreamAtItsClose_andNumbersAtOnce() {
    Over stream = new Over.Stream(MINUTE);
    FlowWorld percent = begun(flow(map("m", stream, tolerate(new Tolerance.Percent(50)))));
    percent.add(0, 1, false);
    turns(percent);
    percent.end(0, 0, false);
    turns(percent);
    assertTrue(percent.status().steps().isActive(0));
    percent.add(0, 1, true);
    turns(percent);
    percent.end(0, 1, true);
    turns(percent);
    assertEquals(FlowState.SUCCEEDED, percent.status().state());

    FlowWorld number = begun(flow(map("m", stream, tolerate(new Tolerance.Failures(0)))));
    number.add(0, 1, false);
    turns(number);
    number.end(0, 0, false);
    turns(number);
    assertEquals(FlowState.FAILED, number.status().state());
  }

  @Test
  void shouldTakeMembersBeforeAndDuringAStep_untilItIsClosed() {
    FlowWorld world =
        begun(
            flow(
                job("a"),
                StepSpec.of("g", new StepKind.Group(MINUTE, atOnce(2))).withNeeds(List.of("a"))));
    assertFalse(FlowPlan.takesMembers(world.graph, world.status(), world, 0, 1));
    world.add(1, 1, false);
    turns(world);
    assertEquals(Set.of(), world.members(1).out);

    world.end(0, 0, true);
    turns(world);
    assertEquals(Set.of(0), world.members(1).out);
    assertEquals(Set.of(new FlowTimer(1, 0)), world.timers.keySet());
    world.add(1, 1, true);
    assertEquals(Set.of(), world.timers.keySet());
    assertFalse(FlowPlan.takesMembers(world.graph, world.status(), world, 1, 1));
    turns(world);
    world.end(1, 0, true);
    world.end(1, 1, true);
    turns(world);
    assertEquals(FlowState.SUCCEEDED, world.status().state());
  }

  @Test
  void shouldTakeAsManyMembersAsAStepMayHave() {
    FlowWorld world = begun(flow(map("m", new Over.Stream(MINUTE), atOnce(2))));
    world.add(0, 9_999_999, false);
    assertTrue(FlowPlan.takesMembers(world.graph, world.status(), world, 0, 1));
    assertFalse(FlowPlan.takesMembers(world.graph, world.status(), world, 0, 2));
  }

  @Test
  void shouldFail_whenNobodyAddsOrCloses() {
    FlowWorld world = begun(flow(map("m", new Over.Stream(MINUTE), atOnce(2))));
    world.add(0, 1, false);
    turns(world);
    world.fire(new FlowTimer(0, 0));
    assertEquals(StepState.FAILED, world.status().steps().verdict(0));
    assertFalse(FlowPlan.takesMembers(world.graph, world.status(), world, 0, 1));
    world.end(0, 0, true);
    turns(world);
    assertEquals(StepState.FAILED, world.state("m"));
  }
}
