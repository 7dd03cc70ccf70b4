package dev.kanal.common.flow;

import static dev.kanal.common.flow.Steps.await;
import static dev.kanal.common.flow.Steps.flow;
import static dev.kanal.common.flow.Steps.job;
import static dev.kanal.common.flow.Steps.race;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.common.flow.StepSpec.When;
import java.util.BitSet;
import java.util.List;
import org.junit.jupiter.api.Test;

final class FlowGraphTest {
  @Test
  void shouldKnowWhoDependsOnWhom() {
    FlowGraph graph = FlowGraph.of(flow(job("c", "a", "b"), job("a"), job("b", "a")));

    assertArrayEquals(new int[] {1, 2}, graph.needs(0));
    assertArrayEquals(new int[] {0, 2}, graph.dependants(1));
    assertEquals(bits(0, 1, 2), graph.withDependants(bits(1)));
    assertEquals(bits(1), graph.ancestors(2));
    assertEquals(2, graph.numberOf("b"));
    assertEquals(-1, graph.numberOf("d"));
    assertEquals(List.of(), graph.cycle());
  }

  @Test
  void shouldTakeAllForThoseThatDoNotWaitForAll() {
    FlowGraph graph =
        FlowGraph.of(
            flow(
                job("a"),
                job("tell", "*").withWhen(When.ENDED),
                job("log", "*").withWhen(When.ENDED),
                job("after", "tell").withWhen(When.ENDED),
                job("undo", "a").withWhen(When.FAILED),
                job("join", "*")));

    assertArrayEquals(new int[] {0, 4}, graph.needs(1));
    assertArrayEquals(new int[] {0, 4}, graph.needs(2));
    assertArrayEquals(new int[] {1}, graph.needs(3));
    assertArrayEquals(new int[] {0}, graph.needs(5));
    assertTrue(graph.isLate(1) && graph.isLate(3) && graph.isLate(4));
    assertFalse(graph.isLate(0) || graph.isLate(5));
    assertEquals(List.of(), graph.cycle());
  }

  @Test
  void shouldFindACycle() {
    FlowGraph graph =
        FlowGraph.of(flow(job("x", "c"), job("a", "c"), job("b", "a"), job("c", "b"), job("d")));

    assertEquals(List.of("c", "b", "a"), graph.cycle());
    assertEquals(List.of("s"), FlowGraph.of(flow(job("s", "s"))).cycle());
  }

  @Test
  void shouldKnowWhoWaitsForAnEvent() {
    FlowGraph graph =
        FlowGraph.of(
            flow(
                StepSpec.of("w", await("e", null)), race("r", await("f", null), await("e", null))));

    assertEquals(
        List.of(new FlowGraph.Waiting(0, 0), new FlowGraph.Waiting(1, 1)), graph.waiting("e"));
    assertEquals(List.of(), graph.waiting("g"));
  }

  private static BitSet bits(int... set) {
    BitSet bits = new BitSet();
    for (int each : set) {
      bits.set(each);
    }
    return bits;
  }
}
