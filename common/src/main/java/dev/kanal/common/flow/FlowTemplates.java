package dev.kanal.common.flow;

import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.template.Template;
import dev.kanal.common.template.TemplateException;
import dev.kanal.common.template.Word;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.function.BiConsumer;

/** The templates of a flow, and what they refer to. */
public final class FlowTemplates {
  private static final Set<Word> AT_HOME = EnumSet.of(Word.INPUT, Word.FROM, Word.FLOW);

  private final BiConsumer<String, String> refused;
  private final List<Placed> all = new ArrayList<>();

  /**
   * A template in its place.
   *
   * @param step its number; -1 for the output of the flow
   * @param pointer to it in the definition
   * @param allowed what it may refer to
   * @param array whether it must become an array
   */
  record Placed(int step, String pointer, Template template, Set<Word> allowed, boolean array) {
    Placed {
      allowed = Set.copyOf(allowed);
    }
  }

  private FlowTemplates(BiConsumer<String, String> refused) {
    this.refused = refused;
  }

  /**
   * The names of the steps whose results are used, by other steps or by the output: of the others
   * nobody needs to be told the results.
   *
   * @param spec has been checked
   */
  public static Set<String> resultsUsed(FlowSpec spec) {
    Set<String> used = new TreeSet<>();
    for (Placed each : of(spec, (_, _) -> {})) {
      used.addAll(each.template.steps());
    }
    return used;
  }

  /**
   * All that can be read.
   *
   * @param refused is told pointer and detail of those that cannot
   */
  static List<Placed> of(FlowSpec spec, BiConsumer<String, String> refused) {
    FlowTemplates templates = new FlowTemplates(refused);
    for (int i = 0; i < spec.steps().size(); i++) {
      templates.addStep(i, spec.steps().get(i).kind());
    }
    if (spec.output() != null) {
      templates.add(-1, "/output", spec.output(), AT_HOME);
    }
    return templates.all;
  }

  private void addStep(int step, StepKind kind) {
    String at = "/steps/" + step;
    switch (kind) {
      case StepKind.Job(JobSpec job) -> add(step, at + "/payload", job.payload(), AT_HOME);
      case StepKind.Map(Over over, _, List<JobSpec> chain) -> {
        if (over instanceof Over.Items(JsonBytes array)) {
          addArray(step, at + "/map/over", array);
        }
        for (int stage = 0; stage < chain.size(); stage++) {
          Set<Word> allowed = EnumSet.allOf(Word.class);
          if (stage == 0) {
            allowed.remove(Word.PREV);
          }
          add(step, at + "/do/" + stage + "/payload", chain.get(stage).payload(), allowed);
        }
      }
      case StepKind.Race(List<StepKind.Branch> branches) -> {
        for (StepKind.Branch branch : branches) {
          if (branch.kind() instanceof StepKind.Job(JobSpec job)) {
            add(step, at + "/race/" + branch.name() + "/payload", job.payload(), AT_HOME);
          }
        }
      }
      case StepKind.Group _, StepKind.Wait _ -> {}
    }
  }

  private void add(int step, String pointer, JsonBytes json, Set<Word> allowed) {
    add(step, pointer, json, allowed, false);
  }

  private void addArray(int step, String pointer, JsonBytes json) {
    add(step, pointer, json, AT_HOME, true);
  }

  private void add(int step, String pointer, JsonBytes json, Set<Word> allowed, boolean array) {
    try {
      all.add(new Placed(step, pointer, Template.parse(json), allowed, array));
    } catch (TemplateException e) {
      refused.accept(pointer + e.pointer(), e.detail());
    }
  }
}
