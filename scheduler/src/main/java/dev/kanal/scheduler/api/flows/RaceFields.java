package dev.kanal.scheduler.api.flows;

import dev.kanal.common.flow.StepKind;
import dev.kanal.scheduler.api.json.FieldReader;
import dev.kanal.scheduler.api.json.Quoted;
import dev.kanal.scheduler.api.problem.RefusedException;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The branches of a race while they are read. Belong to the step. */
final class RaceFields {
  private final FlowJson json;
  private final FieldReader fields;
  private final List<Named> branches = new ArrayList<>();
  private int count;

  private record Named(String name, FieldReader fields, SingleFields single) {}

  /**
   * @param json at the object whose fields are the branches
   */
  RaceFields(FlowJson json) {
    this.json = json;
    this.fields = json.fields();
  }

  void read() throws IOException {
    fields.object("", "that are branches", this::readBranch);
  }

  private boolean readBranch(String name) throws IOException {
    String pointer = "/" + FieldReader.escape(name);
    count++;
    if (count > StepKind.Race.BRANCHES_MAX) {
      json.skip();
    } else if (!FlowFields.NAME.matcher(name).matches()) {
      fields.refuse(
          pointer,
          "Expected the name of a branch to match "
              + FlowFields.NAME
              + ", but got "
              + Quoted.of(name));
      json.skip();
    } else {
      FlowJson branch = json.within(pointer);
      SingleFields single = new SingleFields(branch);
      single.read();
      branches.add(new Named(name, branch.fields(), single));
    }
    return true;
  }

  /** The race; null if it has mistakes, which are noted. */
  StepKind.@Nullable Race finish(JobDefaults defaults) throws RefusedException {
    if (count < 2 || count > StepKind.Race.BRANCHES_MAX) {
      fields.refuse(
          "", "Expected 2 to " + StepKind.Race.BRANCHES_MAX + " branches, but got " + count);
      return null;
    }
    List<StepKind.Branch> made = new ArrayList<>();
    for (Named each : branches) {
      if (each.single.isJob() && each.single.isWait()) {
        each.fields.refuse("", "Expected a job or wait, but got both");
      } else {
        StepKind.Single kind = each.single.finish(defaults);
        if (kind != null) {
          made.add(new StepKind.Branch(each.name, kind));
        }
      }
    }
    return made.size() == count ? new StepKind.Race(made) : null;
  }
}
