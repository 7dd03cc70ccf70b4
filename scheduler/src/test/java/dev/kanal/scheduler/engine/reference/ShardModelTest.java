package dev.kanal.scheduler.engine.reference;

import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.kanal.common.log.LogEntry.Cancel;
import dev.kanal.common.log.LogEntry.Finished;
import dev.kanal.common.log.LogEntry.SubmitChild;
import dev.kanal.common.log.Shards;
import dev.kanal.scheduler.engine.job.ChildRow;
import dev.kanal.scheduler.engine.row.JobRow;
import dev.kanal.scheduler.engine.shard.Decisions;
import dev.kanal.scheduler.engine.step.Decider;
import dev.kanal.scheduler.engine.step.EngineRules;
import dev.kanal.scheduler.engine.step.Input;
import dev.kanal.scheduler.engine.step.Step;
import java.util.stream.LongStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Random lives of jobs against a plain model. A seed that fails is printed with the last inputs; it
 * alone is run by {@code -Dkanal.model.seed=N}, more of them by {@code -Dkanal.model.seeds=N}.
 */
final class ShardModelTest {
  private static final int STEPS = Integer.getInteger("kanal.model.steps", 10_000);
  private static final int SEEDS = Integer.getInteger("kanal.model.seeds", 200);
  private static final int FAULT_SEEDS = 20;
  private static final long SEED = Long.getLong("kanal.model.seed", -1);

  @Test
  void shouldKeepEveryPromise_whateverHappens() {
    LongStream seeds = SEED >= 0 ? LongStream.of(SEED) : LongStream.range(0, SEEDS).parallel();
    seeds.forEach(seed -> live(seed, engine(), STEPS));
  }

  @Test
  void shouldFindAnEngineThatGivesAKeysPlaceAwayOnCancel() {
    Decider engine = engine();
    assertFound(
        (step, input) -> {
          engine.decide(step, input);
          if (input instanceof Input.Entry(Cancel(var id, var _))) {
            forgetPlace(step, step.job(id));
          }
        });
  }

  @Test
  void shouldFindAnEngineThatMissesAnOutcome() {
    Decider engine = engine();
    assertFound(
        (step, input) -> {
          boolean missed =
              input instanceof Input.Entry(Finished finished)
                  && finished.run().job().lo() % 50 == 0;
          if (!missed) {
            engine.decide(step, input);
          }
        });
  }

  @Test
  void shouldFindAnEngineThatForgetsAChild() {
    Decider engine = engine();
    assertFound(
        (step, input) -> {
          if (input instanceof Input.Entry(SubmitChild(var run, var name, var child, _, _, _))
              && child.lo() % 3 == 0) {
            ChildRow.Name key = new ChildRow.Name(run.job(), name);
            step.put(ChildRow.CHILDREN, key, new ChildRow(child, false));
          } else {
            engine.decide(step, input);
          }
        });
  }

  private static void forgetPlace(Step step, @Nullable JobRow row) {
    if (row != null && row.status().holdsKey()) {
      step.save(row, row.with(row.status().key(false)));
    }
  }

  /** By one of the first seeds: not each of them comes to every sequence. */
  private static void assertFound(Decider broken) {
    for (long seed = 0; seed < FAULT_SEEDS; seed++) {
      try {
        live(seed, broken, STEPS);
      } catch (AssertionError found) {
        String message = String.valueOf(found.getMessage());
        assertTrue(message.contains("seed " + seed + ", step "), message);
        return;
      }
    }
    fail("Expected the fault to be found by one of " + FAULT_SEEDS + " seeds");
  }

  private static Decider engine() {
    return new Decisions(EngineRules.DEFAULT, new Shards(ModelWorld.SHARDS));
  }

  private static void live(long seed, Decider decider, int steps) {
    ModelScript script = new ModelScript(seed, decider);
    int step = 0;
    try {
      for (step = 1; step <= steps; step++) {
        script.step(step);
      }
      script.comeToRest();
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          "Expected seed "
              + seed
              + " to keep every promise, but at seed "
              + seed
              + ", step "
              + step
              + ": "
              + e.getMessage()
              + "\nThe last inputs:\n  "
              + script.world().latest(),
          e);
    }
  }
}
