package dev.kanal.common.flow;

import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Texts;
import dev.kanal.common.template.Word;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/** What is wrong with how the parts of a flow fit together. */
public final class FlowCheck {
  /** How many problems are told at most. */
  public static final int PROBLEMS_MAX = 20;

  /** Most different events that the steps of a flow wait for. */
  public static final int EVENTS_MAX = 100;

  private static final int SHOWN = 100;

  private final FlowSpec spec;
  private final FlowGraph graph;
  private final List<Problem> problems = new ArrayList<>();

  /**
   * One thing that is wrong.
   *
   * @param pointer a JSON pointer into the definition; empty for the whole of it
   * @param detail a sentence
   */
  public record Problem(String pointer, String detail) {}

  private FlowCheck(FlowSpec spec) {
    this.spec = spec;
    this.graph = FlowGraph.of(spec);
  }

  /** All that is wrong, at most {@link #PROBLEMS_MAX}; a flow without problems can be run. */
  public static List<Problem> problems(FlowSpec spec) {
    FlowCheck check = new FlowCheck(spec);
    check.checkSize();
    check.checkNames();
    check.checkOrder();
    check.checkTemplates();
    return List.copyOf(check.problems);
  }

  private void add(String pointer, String detail) {
    if (problems.size() < PROBLEMS_MAX) {
      problems.add(new Problem(pointer, detail));
    }
  }

  private void checkSize() {
    long bytes = bytes(spec);
    if (bytes > FlowSpec.BYTES_MAX) {
      add("", "Expected a flow of at most " + FlowSpec.BYTES_MAX + " bytes, but got " + bytes);
    }
    if (graph.events() > EVENTS_MAX) {
      add(
          "/steps",
          "Expected at most " + EVENTS_MAX + " different events, but got " + graph.events());
    }
  }

  /** What a definition takes: the JSON in it, and the names and tags of its jobs. */
  private static long bytes(FlowSpec spec) {
    JsonBytes output = spec.output();
    long bytes = spec.input().length() + (output == null ? 0L : output.length());
    for (StepSpec step : spec.steps()) {
      bytes += step.name().length();
      bytes += step.needs().stream().mapToInt(String::length).sum();
      bytes +=
          switch (step.kind()) {
            case StepKind.Job(JobSpec job) -> bytes(job);
            case StepKind.Map(Over over, _, List<JobSpec> chain) ->
                (over instanceof Over.Items(JsonBytes array) ? array.length() : 0L)
                    + chain.stream().mapToLong(FlowCheck::bytes).sum();
            case StepKind.Race(List<StepKind.Branch> branches) ->
                branches.stream()
                    .mapToLong(
                        each -> each.kind() instanceof StepKind.Job(var job) ? bytes(job) : 0)
                    .sum();
            case StepKind.Group _, StepKind.Wait _ -> 0L;
          };
    }
    return bytes;
  }

  private static long bytes(JobSpec job) {
    long bytes = job.payload().length() + job.type().length() + (long) job.queue().length();
    for (var tag : job.tags().entrySet()) {
      bytes += tag.getKey().length() + tag.getValue().length();
    }
    return bytes;
  }

  private void checkNames() {
    Set<String> names = new HashSet<>();
    for (int i = 0; i < spec.steps().size(); i++) {
      StepSpec step = spec.steps().get(i);
      if (!names.add(step.name())) {
        add(
            "/steps/" + i + "/name",
            "Expected a name that no other step has, but got " + step.name() + " again");
      }
      Set<String> needs = new HashSet<>();
      for (int k = 0; k < step.needs().size(); k++) {
        checkNeed(step, "/steps/" + i + "/needs/" + k, step.needs().get(k), needs);
      }
    }
  }

  private void checkNeed(StepSpec step, String pointer, String need, Set<String> before) {
    if (!before.add(need)) {
      add(pointer, "Expected each need once, but got " + Texts.shown(need, SHOWN) + " again");
    } else if (need.equals(StepSpec.ALL)) {
      if (step.when() == StepSpec.When.FAILED) {
        add(
            pointer,
            "Expected the steps that must have succeeded as needs of a step that runs on failure,"
                + " but got *");
      }
    } else if (graph.numberOf(need) < 0) {
      add(
          pointer,
          "Expected the name of a step, but there is none named " + Texts.shown(need, SHOWN));
    }
  }

  private void checkOrder() {
    List<String> cycle = graph.cycle();
    if (!cycle.isEmpty()) {
      add(
          "/steps/" + graph.numberOf(cycle.getFirst()) + "/needs",
          "Expected steps without a cycle, but each of these needs the next: "
              + Texts.shown(String.join(", ", cycle), 10 * SHOWN)
              + ", "
              + cycle.getFirst());
    }
    for (int i = 0; i < graph.size(); i++) {
      if (graph.isForward(i) && graph.isLate(i)) {
        add(
            "/steps/" + i + "/needs",
            "Expected no need on a step that runs on failure, directly or through others, as "
                + graph.step(i).name()
                + " runs on success, but got one");
      }
    }
  }

  private void checkTemplates() {
    for (FlowTemplates.Placed each : FlowTemplates.of(spec, this::add)) {
      for (Word word : Word.values()) {
        if (each.template().uses(word) && !each.allowed().contains(word)) {
          add(each.pointer(), refusal(word, each));
        }
      }
      if (each.array() && !each.template().mayBeArray()) {
        add(
            each.pointer(),
            "Expected an array, a reference to one, range or stream, but got another value");
      }
      BitSet ancestors = each.step() < 0 ? null : graph.ancestors(each.step());
      for (String name : each.template().steps()) {
        int step = graph.numberOf(name);
        if (step < 0) {
          add(
              each.pointer(),
              "Expected the name of a step as $from, but there is none named "
                  + Texts.shown(name, SHOWN));
        } else if (ancestors != null && !ancestors.get(step)) {
          add(
              each.pointer(),
              "Expected a step that this one needs, directly or through others, as $from, but got "
                  + name);
        }
      }
    }
  }

  private static String refusal(Word word, FlowTemplates.Placed where) {
    if (word == Word.PREV && where.allowed().contains(Word.ITEM)) {
      return "Expected $prev after the first stage, but got it in the first";
    }
    return "Expected " + word.text() + " in the stages of a map, but got it elsewhere";
  }
}
