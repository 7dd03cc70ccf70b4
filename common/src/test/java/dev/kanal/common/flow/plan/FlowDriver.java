package dev.kanal.common.flow.plan;

import static org.junit.jupiter.api.Assertions.fail;

import dev.kanal.common.flow.FlowGraph;
import dev.kanal.common.flow.Over;
import dev.kanal.common.flow.StepKind;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Lets what can happen to a flow happen, in any order, until it is final. */
final class FlowDriver {
  private static final int MOVES_MAX = 20_000;

  private final FlowWorld world;
  private final Random random;
  private final boolean chaos;
  private int cancels;

  /**
   * @param chaos whether timers fire before events that come, the deadline passes, users cancel and
   *     members that are cancelled succeed; else the end depends on fate alone
   */
  FlowDriver(FlowWorld world, Random random, boolean chaos) {
    this.world = world;
    this.random = random;
    this.chaos = chaos;
    this.cancels = chaos && random.nextInt(3) == 0 ? 3 : 0;
  }

  void run() {
    for (int i = 0; i < MOVES_MAX; i++) {
      if (world.status().state().isFinal()) {
        return;
      }
      List<Runnable> moves = moves();
      if (moves.isEmpty()) {
        fail("Expected something to happen, but it is stuck: " + world.status());
      }
      moves.get(random.nextInt(moves.size())).run();
      if (random.nextInt(8) == 0) {
        world.apply(new FlowEvent.Turn(random.nextInt(world.graph.size())));
      }
      if (chaos) {
        interfere();
      }
    }
    fail("Expected an end, but got none: " + world.status());
  }

  /** What may happen at any time, and seldom does. */
  private void interfere() {
    if (random.nextInt(60) < cancels) {
      cancels--;
      world.apply(new FlowEvent.Cancelled(random.nextInt(3) == 0));
    }
    switch (random.nextInt(800)) {
      case 0 -> world.apply(new FlowEvent.FlowFailed(FlowReason.FLOW_TOO_LARGE));
      case 1, 2, 3 -> {
        int step = random.nextInt(world.graph.size());
        world.apply(new FlowEvent.StepFailed(step, FlowReason.INPUT_MISSING));
      }
      default -> {}
    }
  }

  private List<Runnable> moves() {
    List<Runnable> moves = new ArrayList<>();
    for (int i = 0; i < world.graph.size(); i++) {
      addMoves(i, moves);
    }
    for (int i = 0; i < 4; i++) {
      String event = "e" + i;
      boolean waitedFor = !world.graph.waiting(event).isEmpty();
      if (waitedFor && !world.came.contains(event) && (chaos || world.fate.comes(event))) {
        moves.add(() -> world.signal(event));
      }
    }
    world.timers.keySet().stream()
        .filter(this::mayFire)
        .forEach(timer -> moves.add(() -> world.fire(timer)));
    return moves;
  }

  private void addMoves(int step, List<Runnable> moves) {
    if (world.status().steps().isDue(step)) {
      moves.add(() -> world.apply(new FlowEvent.Turn(step)));
    }
    for (int index : world.members(step).out) {
      moves.add(() -> end(step, index));
    }
    if (FlowPlan.takesMembers(world.graph, world.status(), world, step, 1)) {
      StepCounts counts = world.counts(step);
      int left = world.fate.width(step) - (counts == null ? 0 : counts.width());
      if (left > 0) {
        moves.add(() -> world.add(step, 1 + random.nextInt(left), false));
      } else if (world.fate.closes(step)) {
        moves.add(() -> world.add(step, 0, true));
      }
    }
  }

  private void end(int step, int index) {
    if (chaos && world.status().deadline() != null && random.nextInt(30) == 0) {
      world.end(step, index, false, true);
    } else if (chaos && world.status().steps().verdict(step) != null) {
      world.end(step, index, random.nextBoolean());
    } else {
      world.end(step, index);
    }
  }

  private boolean mayFire(FlowTimer timer) {
    if (chaos) {
      return true;
    }
    return switch (world.graph.step(timer.step()).kind()) {
      case StepKind.Wait(String event, _) -> event == null || !world.fate.comes(event);
      case StepKind.Map(Over.Stream _, _, _) -> !world.fate.closes(timer.step());
      case StepKind.Group _ -> !world.fate.closes(timer.step());
      case StepKind.Map _, StepKind.Job _, StepKind.Race _ -> true;
    };
  }

  /** Whether each event that a step waits for without limit comes. */
  static boolean canEnd(FlowGraph graph, Fate fate) {
    for (int i = 0; i < graph.size(); i++) {
      if (graph.step(i).kind() instanceof StepKind.Wait(String event, var timeout)
          && event != null
          && timeout == null
          && !fate.comes(event)) {
        return false;
      }
    }
    return true;
  }
}
