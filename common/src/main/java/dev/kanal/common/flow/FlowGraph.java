package dev.kanal.common.flow;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Which steps depend on which, computed once from a definition. Steps have their place in it as
 * their number. The arrays that are given out are not to be changed.
 */
public final class FlowGraph {
  private final FlowSpec spec;
  private final Map<String, Integer> numbers = new HashMap<>();
  private final int[][] needs;
  private final int[][] dependants;

  /** Steps that run on failure, and those that wait for them. */
  private final BitSet late;

  /** Steps in an order in which each comes after its needs; without those of a cycle. */
  private final int[] order;

  private final Map<String, List<Waiting>> waiting = new HashMap<>();

  /**
   * Who waits for an event.
   *
   * @param branch of a race; 0 for a step that waits itself
   */
  public record Waiting(int step, int branch) {}

  private FlowGraph(FlowSpec spec) {
    this.spec = spec;
    int size = spec.steps().size();
    for (int i = 0; i < size; i++) {
      numbers.putIfAbsent(spec.steps().get(i).name(), i);
      addWaiting(i, spec.steps().get(i).kind());
    }
    BitSet[] edges = new BitSet[size];
    for (int i = 0; i < size; i++) {
      edges[i] = named(i);
    }
    addAll(edges);
    needs = new int[size][];
    for (int i = 0; i < size; i++) {
      needs[i] = edges[i].stream().toArray();
    }
    dependants = reversed(needs);
    late = closure(numbersOf(StepSpec.When.FAILED), dependants);
    order = sorted();
  }

  /** The graph of a definition; needs that name no step are left out. */
  public static FlowGraph of(FlowSpec spec) {
    return new FlowGraph(spec);
  }

  public FlowSpec spec() {
    return spec;
  }

  public int size() {
    return needs.length;
  }

  public StepSpec step(int step) {
    return spec.steps().get(step);
  }

  /** The step of a name, or -1. */
  public int numberOf(String name) {
    return numbers.getOrDefault(name, -1);
  }

  /** What a step waits for. */
  public int[] needs(int step) {
    return needs[step];
  }

  /** What waits for a step, directly. */
  public int[] dependants(int step) {
    return dependants[step];
  }

  /** Whether a step runs on failure, or waits for one that does. */
  public boolean isLate(int step) {
    return late.get(step);
  }

  /** Whether a step is work that runs only on success. */
  public boolean isForward(int step) {
    return !step(step).isForEnd();
  }

  /** Who waits for an event, in the order of steps. */
  public List<Waiting> waiting(String event) {
    return waiting.getOrDefault(event, List.of());
  }

  /** These steps, and all that depend on them, directly or through others. */
  public BitSet withDependants(BitSet steps) {
    return closure(steps, dependants);
  }

  /** What a step waits for, directly or through others. */
  BitSet ancestors(int step) {
    BitSet direct = new BitSet();
    for (int need : needs[step]) {
      direct.set(need);
    }
    return closure(direct, needs);
  }

  /** How many events are waited for. */
  int events() {
    return waiting.size();
  }

  /** The names of steps that need each other, in that order; empty if there are none. */
  List<String> cycle() {
    if (order.length == size()) {
      return List.of();
    }
    BitSet open = new BitSet();
    open.set(0, size());
    for (int step : order) {
      open.clear(step);
    }
    // Each of the rest needs another of the rest, so that this way comes back to itself.
    List<Integer> way = new ArrayList<>();
    int at = open.nextSetBit(0);
    while (!way.contains(at)) {
      way.add(at);
      at = Arrays.stream(needs[at]).filter(open::get).findFirst().orElseThrow();
    }
    return way.subList(way.indexOf(at), way.size()).stream().map(i -> step(i).name()).toList();
  }

  private void addWaiting(int step, StepKind kind) {
    if (kind instanceof StepKind.Wait wait) {
      addWaiting(step, 0, wait);
    } else if (kind instanceof StepKind.Race(List<StepKind.Branch> branches)) {
      for (int i = 0; i < branches.size(); i++) {
        if (branches.get(i).kind() instanceof StepKind.Wait wait) {
          addWaiting(step, i, wait);
        }
      }
    }
  }

  private void addWaiting(int step, int branch, StepKind.Wait wait) {
    if (wait.event() != null) {
      waiting.computeIfAbsent(wait.event(), _ -> new ArrayList<>()).add(new Waiting(step, branch));
    }
  }

  private BitSet named(int step) {
    BitSet named = new BitSet();
    for (String need : step(step).needs()) {
      int number = numberOf(need);
      if (number >= 0) {
        named.set(number);
      }
    }
    return named;
  }

  /** Adds what {@link StepSpec#ALL} means to the needs by name. */
  private void addAll(BitSet[] edges) {
    BitSet waitForAll = new BitSet();
    for (int i = 0; i < edges.length; i++) {
      if (step(i).needs().contains(StepSpec.ALL)) {
        waitForAll.set(i);
      }
    }
    if (waitForAll.isEmpty()) {
      return;
    }
    int[][] byName =
        reversed(Arrays.stream(edges).map(each -> each.stream().toArray()).toArray(int[][]::new));
    BitSet others = new BitSet();
    others.set(0, edges.length);
    others.andNot(closure(waitForAll, byName));
    BitSet notLate = (BitSet) others.clone();
    notLate.andNot(closure(numbersOf(StepSpec.When.FAILED), byName));
    waitForAll.stream()
        .forEach(i -> edges[i].or(step(i).when() == StepSpec.When.ENDED ? others : notLate));
  }

  private BitSet numbersOf(StepSpec.When when) {
    BitSet numbersOf = new BitSet();
    for (int i = 0; i < spec.steps().size(); i++) {
      numbersOf.set(i, step(i).when() == when);
    }
    return numbersOf;
  }

  private static int[][] reversed(int[][] edges) {
    BitSet[] reversed = new BitSet[edges.length];
    Arrays.setAll(reversed, _ -> new BitSet());
    for (int from = 0; from < edges.length; from++) {
      for (int to : edges[from]) {
        reversed[to].set(from);
      }
    }
    return Arrays.stream(reversed).map(each -> each.stream().toArray()).toArray(int[][]::new);
  }

  private static BitSet closure(BitSet from, int[][] edges) {
    BitSet reached = (BitSet) from.clone();
    int[] open = new int[edges.length];
    int count = 0;
    for (int i = from.nextSetBit(0); i >= 0; i = from.nextSetBit(i + 1)) {
      open[count++] = i;
    }
    while (count > 0) {
      for (int next : edges[open[--count]]) {
        if (!reached.get(next)) {
          reached.set(next);
          open[count++] = next;
        }
      }
    }
    return reached;
  }

  private int[] sorted() {
    int[] left = new int[size()];
    int[] sorted = new int[size()];
    int count = 0;
    for (int i = 0; i < left.length; i++) {
      left[i] = needs[i].length;
      if (left[i] == 0) {
        sorted[count++] = i;
      }
    }
    for (int i = 0; i < count; i++) {
      for (int next : dependants[sorted[i]]) {
        if (--left[next] == 0) {
          sorted[count++] = next;
        }
      }
    }
    return Arrays.copyOf(sorted, count);
  }
}
