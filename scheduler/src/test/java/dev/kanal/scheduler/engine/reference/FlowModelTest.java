package dev.kanal.scheduler.engine.reference;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.engine.flow.FlowFaults;
import dev.kanal.scheduler.engine.flow.FlowTables;
import dev.kanal.scheduler.engine.row.EndRow;
import dev.kanal.scheduler.engine.shard.Decisions;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.EngineRules;
import dev.kanal.scheduler.engine.step.Input;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/**
 * Random flows in two shards, with entries that come late, twice or not at all at first, and nodes
 * that go back to an earlier commit: whatever happens, every flow ends, each count is that of its
 * members, no window is exceeded, and no step begins before those that it needs have ended. A seed
 * that fails is run alone by {@code -Dkanal.model.seed=N}.
 */
final class FlowModelTest {
  private static final int STEPS = Integer.getInteger("kanal.model.steps", 1_500);
  private static final int SEEDS = Integer.getInteger("kanal.model.seeds", 60);
  private static final int FAULT_SEEDS = 20;
  private static final long SEED = Long.getLong("kanal.model.seed", -1);
  private static final Shards SHARDS = new Shards(ModelWorld.SHARDS);

  @Test
  void shouldKeepEveryPromise_whateverHappensToFlows() {
    LongStream seeds = SEED >= 0 ? LongStream.of(SEED) : LongStream.range(0, SEEDS).parallel();
    seeds.forEach(seed -> live(seed, engine()));
  }

  @Test
  void shouldFindAnEngineThatLosesAReport() {
    Decider engine = engine();
    assertFound(
        (step, input) -> {
          if (input instanceof Input.Notice(var to) && step.meta().offset() % 20 == 0) {
            var first = step.first(EndRow.of(to));
            if (first != null) {
              step.delete(EndRow.ENDS, first);
            }
          }
          engine.decide(step, input);
        });
  }

  @Test
  void shouldFindAnEngineThatCountsTwice() {
    Decider engine = engine();
    assertFound(
        (step, input) -> {
          engine.decide(step, input);
          if (input instanceof Input.Notice(var to) && step.meta().offset() % 20 == 0) {
            FlowFaults.countTwice(step, to.owner(), SHARDS);
          }
        });
  }

  @Test
  void shouldFindAnEngineThatForgetsATurn() {
    Decider engine = engine();
    assertFound(
        (step, input) -> {
          if (input instanceof Input.FlowTurn(var number, var flow) && number % 40 == 0) {
            var turn = new FlowTables.Turn(number, flow);
            step.delete(FlowTables.TURNS, turn);
          } else {
            engine.decide(step, input);
          }
        });
  }

  @Test
  void shouldFindAnEngineThatExceedsAWindow() {
    Decider engine = engine();
    assertFound(
        (step, input) -> {
          engine.decide(step, input);
          if (input instanceof Input.FlowTurn(_, var flow)) {
            FlowFaults.launchMore(step, flow, SHARDS);
          }
        });
  }

  private static void assertFound(Decider broken) {
    for (long seed = 0; seed < FAULT_SEEDS; seed++) {
      try {
        live(seed, broken);
      } catch (AssertionError found) {
        assertTrue(String.valueOf(found.getMessage()).contains("seed " + seed));
        return;
      }
    }
    fail("Expected the fault to be found by one of " + FAULT_SEEDS + " seeds");
  }

  private static Decider engine() {
    return new Decisions(EngineRules.DEFAULT, SHARDS);
  }

  private static void live(long seed, Decider decider) {
    ModelFlows flows = new ModelFlows(seed, decider);
    int step = 0;
    try {
      for (step = 1; step <= STEPS; step++) {
        flows.step();
      }
      flows.comeToRest();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "Expected seed " + seed + " to keep every promise, but at step " + step + ": " + e, e);
    }
  }
}
