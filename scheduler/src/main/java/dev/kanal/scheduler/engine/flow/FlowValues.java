package dev.kanal.scheduler.engine.flow;

import dev.kanal.common.flow.FanOut;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import dev.kanal.common.flow.plan.StepCounts;
import dev.kanal.common.flow.plan.StepState;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.json.JsonDocuments;
import dev.kanal.common.template.HomeValues;
import dev.kanal.scheduler.engine.flow.FlowTables.Named;
import dev.kanal.scheduler.engine.flow.FlowTables.Part;
import dev.kanal.scheduler.engine.flow.FlowTables.Result;
import dev.kanal.scheduler.engine.flow.FlowTables.Results;
import java.io.ByteArrayOutputStream;
import java.util.List;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What the templates of a flow may refer to, as its rows have it. */
final class FlowValues implements HomeValues {
  private final OpenFlow flow;

  FlowValues(OpenFlow flow) {
    this.flow = flow;
  }

  @Override
  public JsonBytes input() {
    return flow.spec().input();
  }

  @Override
  public JsonBytes flow() {
    return flow.row.status.describe(flow.id, flow.graph());
  }

  @Override
  public @Nullable JsonBytes result(String name) {
    int number = flow.graph().numberOf(name);
    StepSpec spec = flow.graph().step(number);
    StepState state = flow.row.status.steps().state(number);
    if (state == StepState.SUCCEEDED) {
      return result(number, spec);
    }
    return spec.optional() && state.isFailure() ? JsonBytes.NULL : null;
  }

  private @Nullable JsonBytes result(int number, StepSpec spec) {
    return switch (spec.kind()) {
      case StepKind.Job _ -> single(number);
      case StepKind.Wait(String event, _) -> event(event);
      case StepKind.Map(_, FanOut fanOut, _) -> many(number, spec.name(), fanOut);
      case StepKind.Group(_, FanOut fanOut) -> many(number, spec.name(), fanOut);
      case StepKind.Race(List<StepKind.Branch> branches) ->
          race(number, branches.get(flow.read(number).winner));
    };
  }

  /** Who won, and what that gave. */
  private @Nullable JsonBytes race(int number, StepKind.Branch winner) {
    JsonBytes result =
        winner.kind() instanceof StepKind.Wait(String event, _) ? event(event) : single(number);
    // A name has no character that JSON writes otherwise.
    return result == null
        ? null
        : JsonBytes.of("{\"branch\":\"" + winner.name() + "\",\"result\":" + result + "}");
  }

  private @Nullable JsonBytes single(int number) {
    Results row = flow.step.get(FlowTables.RESULTS, new Part(flow.id, number, 0));
    return row == null ? null : row.results().getFirst().json();
  }

  private JsonBytes event(@Nullable String event) {
    JsonBytes payload =
        event == null ? null : flow.step.get(FlowTables.EVENTS, new Named(flow.id, event));
    return payload == null ? JsonBytes.NULL : payload;
  }

  private JsonBytes many(int number, String name, FanOut fanOut) {
    if (fanOut.collect()) {
      return collected(number);
    }
    StepCounts counts = flow.known(number);
    String href = "/v1/flows/" + flow.id + "/steps/" + name + "/members";
    return JsonBytes.wrap(
        JsonDocuments.write(
            new Summary(counts.ended(), counts.succeeded(), counts.failed(), new Link(href))));
  }

  /** The results in the order of the members; null for those that have none. */
  private JsonBytes collected(int number) {
    int width = flow.known(number).width();
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    for (int first = 0; first < width; first += MemberBits.SIZE) {
      Part part = new Part(flow.id, number, MemberBits.row(first));
      Results row = flow.step.get(FlowTables.RESULTS, part);
      TreeMap<Integer, JsonBytes> byIndex = new TreeMap<>();
      for (Result each : row == null ? List.<Result>of() : row.results()) {
        byIndex.put(each.index(), each.json());
      }
      for (int i = first; i < Math.min(width, first + MemberBits.SIZE); i++) {
        JsonBytes json = byIndex.getOrDefault(i, JsonBytes.NULL);
        out.write(i == 0 ? '[' : ',');
        out.write(json.utf8(), 0, json.length());
      }
    }
    if (width == 0) {
      out.write('[');
    }
    out.write(']');
    return JsonBytes.wrap(out.toByteArray());
  }

  /** Most bytes of what a step collects. */
  static int collectMax() {
    return FlowSpec.BYTES_MAX;
  }

  /** The names of fields, and their order, are those that users see. */
  private record Summary(int count, int succeeded, int failed, Link members) {}

  private record Link(String href) {}
}
