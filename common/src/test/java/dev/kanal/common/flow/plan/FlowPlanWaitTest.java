package dev.kanal.common.flow.plan;

import static dev.kanal.common.flow.Steps.await;
import static dev.kanal.common.flow.Steps.echo;
import static dev.kanal.common.flow.Steps.flow;
import static dev.kanal.common.flow.Steps.job;
import static dev.kanal.common.flow.Steps.race;
import static dev.kanal.common.flow.plan.Story.FATE;
import static dev.kanal.common.flow.plan.Story.begun;
import static dev.kanal.common.flow.plan.Story.turns;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import java.time.Duration;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** Steps that wait, and races. Every action is checked by {@link FlowWorld} as well. */
final class FlowPlanWaitTest {
  private static final Duration MINUTE = Duration.ofMinutes(1);

  @Test
  void shouldTakeAnEventThatCameBeforeItsWait() {
    FlowWorld world =
        begun(flow(job("a"), StepSpec.of("w", await("ok", MINUTE)).withNeeds(List.of("a"))));
    world.signal("ok");
    assertEquals(StepState.WAITING, world.state("w"));
    world.end(0, 0, true);
    turns(world);

    assertEquals(FlowState.SUCCEEDED, world.status().state());
    assertEquals(Set.of(), world.timers.keySet());
  }

  @Test
  void shouldLetTheFirstCount_whenEventAndTimeoutComeTogether() {
    FlowSpec spec = flow(StepSpec.of("w", await("ok", MINUTE)));
    FlowWorld event = begun(spec);
    event.signal("ok");
    assertEquals(FlowState.SUCCEEDED, event.status().state());
    assertEquals(List.of(), event.apply(new FlowEvent.Fired(new FlowTimer(0, 0))));

    FlowWorld timeout = begun(spec);
    timeout.fire(new FlowTimer(0, 0));
    assertEquals(StepState.EXPIRED, timeout.state("w"));
    timeout.signal("ok");
    assertEquals(FlowState.FAILED, timeout.status().state());
  }

  @Test
  void shouldSucceed_whenTimeIsAllThatIsWaitedFor() {
    FlowWorld world = begun(flow(StepSpec.of("w", await(null, MINUTE))));
    world.fire(new FlowTimer(0, 0));

    assertEquals(FlowState.SUCCEEDED, world.status().state());
    assertEquals(FlowWorld.START.plus(MINUTE), world.now());
  }

  @Test
  void shouldBeWonOnce_whenTwoBranchesSucceed() {
    StepKind.Job branch = new StepKind.Job(echo());
    FlowWorld world = begun(flow(race("r", branch, new StepKind.Job(echo("1"))), job("b", "r")));
    assertEquals(Set.of(0, 1), world.members(0).out);
    world.end(0, 1, true);
    turns(world);
    assertEquals(StepState.SUCCEEDED, world.status().steps().verdict(0));
    world.end(0, 0, true);
    turns(world);

    assertEquals(StepState.SUCCEEDED, world.state("r"));
    assertEquals(Set.of(0), world.members(1).out);
  }

  @Test
  void shouldChooseBetweenAJobAndATime() {
    StepKind.Job branch = new StepKind.Job(echo());
    FlowWorld world = begun(flow(race("r", branch, await(null, MINUTE))));
    world.fire(new FlowTimer(0, 1));
    assertEquals(StepState.SUCCEEDED, world.status().steps().verdict(0));
    world.end(0, 0, false);
    turns(world);
    assertEquals(FlowState.SUCCEEDED, world.status().state());

    FlowWorld failed = begun(flow(race("r", branch, await("e", MINUTE))));
    failed.end(0, 0, false);
    turns(failed);
    assertTrue(failed.status().steps().isActive(0));
    failed.fire(new FlowTimer(0, 1));
    turns(failed);
    assertEquals(StepState.FAILED, failed.state("r"));
  }

  @Test
  void shouldMakeNoJobs_whenARaceIsWonBefore() {
    FlowWorld world =
        new FlowWorld(flow(race("r", new StepKind.Job(echo()), await("e", null))), FATE);
    world.came.add("e");
    world.apply(new FlowEvent.Submitted());

    assertEquals(FlowState.SUCCEEDED, world.status().state());
    assertTrue(world.story.getFirst().contains("Win[step=0, branch=1]"), world.story::getFirst);
  }

  @Test
  void shouldNoteABranch_whenItsTimeIsUpBeforeTheStepHasCounters() {
    FlowWorld world = new FlowWorld(flow(race("r", await("e", MINUTE), await("f", MINUTE))), FATE);
    world.apply(new FlowEvent.Submitted());
    world.fire(new FlowTimer(0, 0));
    world.fire(new FlowTimer(0, 1));
    turns(world);

    assertEquals(StepState.FAILED, world.state("r"));
  }
}
