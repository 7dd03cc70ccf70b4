package dev.kanal.common.flow.plan;

import static dev.kanal.common.flow.Steps.flow;
import static dev.kanal.common.flow.Steps.job;
import static dev.kanal.common.flow.plan.Story.begun;
import static dev.kanal.common.flow.plan.Story.fail;
import static dev.kanal.common.flow.plan.Story.saga;
import static dev.kanal.common.flow.plan.Story.states;
import static dev.kanal.common.flow.plan.Story.succeed;
import static dev.kanal.common.flow.plan.Story.turns;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.FlowSpec.OnFailure;
import dev.kanal.common.flow.StepSpec.When;
import dev.kanal.common.job.JobId;
import java.time.Duration;
import java.util.List;
import org.junit.jupiter.api.Test;

/** How flows end. Every action is checked by {@link FlowWorld} as well. */
final class FlowPlanEndTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void shouldRunStepsForTheEnd_whenCancelled_howeverOften() {
    FlowWorld world = begun(cleaned());
    world.apply(new FlowEvent.Cancelled(false));
    assertEquals(StepState.WAITING, world.state("tell"));
    world.end(0, 0, false);
    turns(world);
    assertEquals(StepState.CANCELLED, world.state("a"));
    assertEquals(StepState.RUNNING, world.state("tell"));
    assertEquals(List.of(), world.apply(new FlowEvent.Cancelled(false)));

    succeed(world, "tell");
    succeed(world, "log");
    assertEquals(FlowState.CANCELLED, world.status().state());
    assertEquals(List.of(), world.apply(new FlowEvent.Cancelled(true)));
  }

  @Test
  void shouldCancelStepsForTheEndAsWell_whenThatIsSaid() {
    FlowWorld world = begun(cleaned());
    world.apply(new FlowEvent.Cancelled(false));
    world.end(0, 0, false);
    turns(world);
    world.apply(new FlowEvent.Cancelled(true));
    assertEquals(StepState.CANCELLED, world.status().steps().verdict(1));
    assertEquals(StepState.SKIPPED, world.state("log"));
    assertEquals(List.of(), world.apply(new FlowEvent.Cancelled(true)));
    world.end(1, 0, true);
    turns(world);
    assertEquals(StepState.CANCELLED, world.state("tell"));
    assertEquals(FlowState.CANCELLED, world.status().state());
  }

  /** What is counted between a decision and its turn is found by the turn. */
  @Test
  void shouldEndAStepByTheTurnThatItHad_whenItIsSettledBeforeThat() {
    FlowWorld world = begun(flow(job("a")));
    FlowStatus due = world.status().withDue(0);
    FlowStatus settled = decide(world, due, new FlowEvent.Cancelled(false));
    assertEquals(StepState.CANCELLED, settled.steps().verdict(0));
    assertTrue(settled.steps().isDue(0));

    world.end(0, 0, true);
    FlowStatus ended = decide(world, settled, new FlowEvent.Turn(0));
    assertEquals(StepState.CANCELLED, ended.steps().state(0));
    assertEquals(FlowState.CANCELLED, ended.state());
  }

  private static FlowStatus decide(FlowWorld world, FlowStatus before, FlowEvent event) {
    return FlowPlan.of(world.graph, before, world, event, FlowWorld.START).status();
  }

  @Test
  void shouldSucceed_whenCancelOrDeadlineComeAfterTheWork() {
    FlowWorld world = begun(cleaned().withDeadline(FlowWorld.START.plus(MINUTE)));
    succeed(world, "a");
    assertEquals(FlowState.ENDING, world.status().state());
    assertEquals(List.of(), world.apply(new FlowEvent.Cancelled(false)));
    world.fire(FlowTimer.OF_FLOW);
    succeed(world, "tell");
    succeed(world, "log");

    assertEquals(FlowState.SUCCEEDED, world.status().state());
  }

  @Test
  void shouldUndoInOrder_whenWhatIsDoneCannotGoOn() {
    FlowWorld world = begun(saga());
    succeed(world, "a");
    succeed(world, "b");
    assertEquals(StepState.WAITING, world.state("undo-a"));
    fail(world, "c");

    assertEquals(StepState.SKIPPED, world.state("undo-c"));
    assertEquals(StepState.RUNNING, world.state("undo-b"));
    assertEquals(StepState.WAITING, world.state("undo-a"));
    succeed(world, "undo-b");
    assertEquals(StepState.RUNNING, world.state("undo-a"));
    succeed(world, "undo-a");
    assertEquals(FlowState.FAILED, world.status().state());
  }

  @Test
  void shouldGiveStepsForTheEndTimeAfterTheDeadline_butNotForever() {
    FlowSpec spec =
        flow(job("a"), job("tell", "a").withWhen(When.ENDED))
            .withDeadline(FlowWorld.START.plus(MINUTE));
    FlowWorld world = begun(spec);
    world.fire(FlowTimer.OF_FLOW);
    assertEquals(FlowState.EXPIRED, world.status().outcome());
    world.end(0, 0, false);
    turns(world);
    assertEquals(List.of(StepState.EXPIRED, StepState.RUNNING), states(world));
    assertEquals(
        FlowWorld.START.plus(MINUTE).plus(FlowSpec.GRACE), world.timers.get(FlowTimer.OF_FLOW));
    assertEquals(
        world.timers.get(FlowTimer.OF_FLOW), world.status().deadlineOf(world.graph.step(1)));

    world.fire(FlowTimer.OF_FLOW);
    world.end(1, 0, false);
    turns(world);
    assertEquals(StepState.EXPIRED, world.state("tell"));
    assertEquals(FlowState.EXPIRED, world.status().state());
  }

  @Test
  void shouldExpire_whenAMemberSaysThatTheDeadlineHasPassed() {
    FlowSpec spec = flow(job("a"), job("b")).withDeadline(FlowWorld.START.plus(MINUTE));
    FlowWorld world = begun(spec);
    world.end(0, 0, false, true);
    turns(world);
    assertEquals(StepState.EXPIRED, world.state("a"));
    world.end(1, 0, true);
    turns(world);
    assertEquals(FlowState.EXPIRED, world.status().state());
    assertEquals(FlowReason.DEADLINE, world.status().reason());
  }

  @Test
  void shouldFailAStep_whenItsInputCannotBeMade() {
    FlowWorld world =
        begun(flow(job("a"), job("b").withOptional(true)).withOnFailure(OnFailure.CONTINUE));
    world.apply(new FlowEvent.StepFailed(1, FlowReason.INPUT_MISSING));
    assertEquals(StepState.FAILED, world.status().steps().verdict(1));
    assertEquals(FlowState.SUCCEEDED, world.status().outcome());
    world.apply(new FlowEvent.FlowFailed(FlowReason.FLOW_TOO_LARGE));
    world.end(0, 0, true);
    world.end(1, 0, true);
    turns(world);
    assertEquals(FlowState.FAILED, world.status().state());
    assertEquals(FlowReason.FLOW_TOO_LARGE, world.status().reason());
  }

  @Test
  void shouldTellWhatTemplatesMaySee() {
    FlowWorld world = begun(flow(job("a"), job("tell", "a").withWhen(When.ENDED)));
    assertNull(world.status().reason());
    fail(world, "a");

    JobId id = JobId.of(3, 1_000_000, 7);
    assertEquals(
        "{\"id\":\""
            + id
            + "\",\"name\":\"test\",\"round\":1,\"state\":\"ENDING\",\"outcome\":\"FAILED\","
            + "\"failed\":[\"a\"]}",
        world.status().describe(id, world.graph).toString());
  }

  private static FlowSpec cleaned() {
    return flow(
        job("a"), job("tell", "*").withWhen(When.ENDED), job("log", "tell").withWhen(When.ENDED));
  }
}
