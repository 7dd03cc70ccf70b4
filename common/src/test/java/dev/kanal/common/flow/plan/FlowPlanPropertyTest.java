package dev.kanal.common.flow.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.flow.FlowGraph;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.FlowSpec.OnFailure;
import dev.kanal.common.flow.RandomFlow;
import dev.kanal.common.flow.StepSpec;
import java.time.Instant;
import java.util.EnumSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Random flows with random fates, in random order. The seed is printed when one fails. */
final class FlowPlanPropertyTest {
  private static final int FLOWS = 3_000;
  private static final int ORDERS = 4;
  private static final Instant DEADLINE = FlowWorld.START.plusSeconds(60);

  @Test
  void shouldEndAsItsDefinitionSays_whateverTheOrder() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    int compared = 0;
    Set<StepState> seen = EnumSet.noneOf(StepState.class);
    while (compared < FLOWS) {
      FlowSpec spec = new RandomFlow(random, false).next(OnFailure.CONTINUE, null);
      Fate fate = new Fate(random.nextLong(), 50 + random.nextInt(51));
      FlowGraph graph = FlowGraph.of(spec);
      if (!FlowDriver.canEnd(graph, fate)) {
        continue;
      }
      Oracle oracle = new Oracle(graph, fate);
      for (int i = 0; i < ORDERS; i++) {
        FlowWorld world = new FlowWorld(spec, fate);
        run(world, random, false, seed);
        assertEquals(oracle.steps(), ends(world), () -> told(world, seed));
        assertEquals(oracle.flow(), world.status().state(), () -> told(world, seed));
      }
      seen.addAll(oracle.steps());
      compared++;
    }
    assertEquals(
        EnumSet.of(StepState.SUCCEEDED, StepState.FAILED, StepState.SKIPPED, StepState.EXPIRED),
        seen);
  }

  @Test
  void shouldAlwaysEnd_whateverHappens() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    Set<FlowState> seen = EnumSet.noneOf(FlowState.class);
    for (int i = 0; i < FLOWS; i++) {
      FlowWorld world = world(random);
      run(world, random, true, seed);
      seen.add(world.status().state());
    }
    assertEquals(
        EnumSet.of(FlowState.SUCCEEDED, FlowState.FAILED, FlowState.CANCELLED, FlowState.EXPIRED),
        seen);
  }

  @Test
  void shouldEndAgain_whateverIsRetried() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    int retried = 0;
    for (int i = 0; i < FLOWS; i++) {
      FlowWorld world = world(random);
      run(world, random, true, seed);
      for (int round = 2; round < 5; round++) {
        Integer from = random.nextBoolean() ? null : random.nextInt(world.graph.size());
        if (retry(world, from, seed)) {
          assertEquals(round, world.status().round());
          retried++;
          run(world, random, true, seed);
        } else {
          break;
        }
      }
    }
    assertTrue(retried > FLOWS / 2, "retried " + retried);
  }

  @Test
  void shouldSucceed_whenWhatFailedIsRetriedAndGoesWell() {
    long seed = new Random().nextLong();
    var random = new Random(seed);
    int retried = 0;
    while (retried < FLOWS / 4) {
      OnFailure onFailure = random.nextBoolean() ? OnFailure.CANCEL : OnFailure.CONTINUE;
      FlowSpec spec = new RandomFlow(random, false).next(onFailure, null);
      Fate fate = new Fate(random.nextLong(), 60);
      FlowWorld world = new FlowWorld(spec, fate);
      run(world, random, true, seed);
      if (isDone(world)) {
        continue;
      }
      world.fate = fate.kinder();
      assertTrue(retry(world, null, seed), () -> told(world, seed));
      run(world, random, false, seed);
      assertEquals(FlowState.SUCCEEDED, world.status().state(), () -> told(world, seed));
      retried++;
    }
  }

  /** Whether each step did what it is there for. */
  private static boolean isDone(FlowWorld world) {
    return IntStream.range(0, world.graph.size())
        .allMatch(
            step -> {
              StepState is = world.status().steps().state(step);
              StepSpec spec = world.graph.step(step);
              return is == StepState.SUCCEEDED
                  || (is.isFailure() && spec.optional())
                  || (is == StepState.SKIPPED && spec.when() == StepSpec.When.FAILED);
            });
  }

  private static boolean retry(FlowWorld world, @Nullable Integer from, long seed) {
    Instant deadline = world.status().deadline() == null ? null : world.now().plusSeconds(60);
    FlowStatus before = world.status();
    boolean acted = !world.apply(new FlowEvent.Retried(from, deadline)).isEmpty();
    assertEquals(acted, !before.equals(world.status()), () -> told(world, seed));
    return acted;
  }

  private static FlowWorld world(Random random) {
    OnFailure onFailure = random.nextInt(3) == 0 ? OnFailure.CONTINUE : OnFailure.CANCEL;
    FlowSpec spec =
        new RandomFlow(random, true).next(onFailure, random.nextInt(3) == 0 ? DEADLINE : null);
    return new FlowWorld(spec, new Fate(random.nextLong(), 70 + random.nextInt(31)));
  }

  private static void run(FlowWorld world, Random random, boolean chaos, long seed) {
    try {
      if (world.story.isEmpty()) {
        world.apply(new FlowEvent.Submitted());
      }
      new FlowDriver(world, random, chaos).run();
    } catch (AssertionError | RuntimeException e) {
      throw new AssertionError(told(world, seed), e);
    }
  }

  private static List<StepState> ends(FlowWorld world) {
    return IntStream.range(0, world.graph.size()).mapToObj(world.status().steps()::state).toList();
  }

  private static String told(FlowWorld world, long seed) {
    return "seed "
        + seed
        + "\n"
        + String.join("\n", world.graph.spec().steps().stream().map(Object::toString).toList())
        + "\n"
        + String.join("\n", world.story);
  }
}
