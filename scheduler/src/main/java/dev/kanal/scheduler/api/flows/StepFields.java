package dev.kanal.scheduler.api.flows;

import com.fasterxml.jackson.core.JsonToken;
import dev.kanal.common.flow.Over;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import dev.kanal.common.flow.StepSpec.When;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Owner;
import dev.kanal.scheduler.api.json.FieldReader;
import dev.kanal.scheduler.api.problem.RefusedException;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A step while its fields are read. Belongs to the flow. */
final class StepFields {
  private static final String FIELDS =
      "name, needs, when, optional, map, do, group, race, " + SingleFields.FIELDS;

  /** Beyond it needs are counted alone; one more than may be, so that {@code *} fits. */
  private static final int NEEDS_READ = StepSpec.NEEDS_MAX + 1;

  private final FlowJson json;
  private final FieldReader fields;
  private final SingleFields single;
  private final OverFields over;
  private final FanOutFields ofMap;
  private final FanOutFields ofGroup;
  private final RaceFields race;
  private final List<StageFields> chain = new ArrayList<>();
  private final List<String> needs = new ArrayList<>();

  /** Which of the fields are there that say what it does. */
  private final List<String> kinds = new ArrayList<>();

  private boolean isObject;
  private boolean nameSeen;
  private boolean overSeen;
  private boolean chainSeen;
  private @Nullable String name;
  private @Nullable When when;
  private @Nullable Boolean optional;
  private @Nullable Duration idle;

  /**
   * @param json at the step
   */
  StepFields(FlowJson json) {
    this.json = json;
    this.fields = json.fields();
    this.single = new SingleFields(json);
    this.over = new OverFields(json.within("/map/over"));
    this.ofMap = new FanOutFields(fields.within("/map"));
    this.ofGroup = new FanOutFields(fields.within("/group"));
    this.race = new RaceFields(json.within("/race"));
  }

  void read() throws IOException {
    isObject = json.token() == JsonToken.START_OBJECT;
    fields.object("", FIELDS, this::readField);
  }

  private boolean readField(String field) throws IOException {
    switch (field) {
      case "name" -> {
        nameSeen = true;
        name = fields.matching("/name", FlowFields.NAME);
      }
      case "needs" -> json.array("/needs", NEEDS_READ, this::readNeed);
      case "when" -> when = fields.choice("/when", List.of(When.values()), When::text);
      case "optional" -> optional = fields.bool("/optional");
      case "map" -> {
        kinds.add(field);
        fields.object("/map", "over, " + FanOutFields.FIELDS, this::readMap);
      }
      case "do" -> {
        chainSeen = true;
        json.array("/do", Owner.STAGES, this::readStage);
      }
      case "group" -> {
        kinds.add(field);
        fields.object("/group", "idle, " + FanOutFields.FIELDS, this::readGroup);
      }
      case "race" -> {
        kinds.add(field);
        race.read();
      }
      default -> {
        return single.readField(field);
      }
    }
    return true;
  }

  private void readNeed(int index) throws IOException {
    String need = fields.text("/needs/" + index);
    if (need != null) {
      needs.add(need);
    }
  }

  private void readStage(int index) throws IOException {
    StageFields stage = new StageFields(json.within("/do/" + index));
    stage.read();
    chain.add(stage);
  }

  private boolean readMap(String field) throws IOException {
    if (!field.equals("over")) {
      return ofMap.readField(field);
    }
    overSeen = true;
    over.read();
    return true;
  }

  private boolean readGroup(String field) throws IOException {
    if (!field.equals("idle")) {
      return ofGroup.readField(field);
    }
    idle = fields.duration("/group/idle", Over.Stream.IDLE_MIN, Over.Stream.IDLE_MAX);
    return true;
  }

  /** The step; null if it has mistakes, which are noted. */
  @Nullable StepSpec finish(JobDefaults defaults) throws RefusedException {
    if (!isObject) {
      return null;
    }
    if (!nameSeen) {
      fields.refuse("/name", "Expected a name, but it is missing");
    }
    if (needs.size() > StepSpec.NEEDS_MAX && !needs.contains(StepSpec.ALL)) {
      fields.refuse(
          "/needs", "Expected at most " + StepSpec.NEEDS_MAX + " needs, but got " + needs.size());
      return null;
    }
    StepKind kind = kind(defaults);
    if (kind == null || name == null) {
      return null;
    }
    return new StepSpec(
        name, needs, when == null ? When.SUCCEEDED : when, optional != null && optional, kind);
  }

  private @Nullable StepKind kind(JobDefaults defaults) throws RefusedException {
    if (single.isJob()) {
      kinds.add("type");
    }
    if (single.isWait()) {
      kinds.add("wait");
    }
    if (kinds.size() != 1) {
      fields.refuse(
          "",
          "Expected one of type, map, group, wait and race, but got "
              + (kinds.isEmpty() ? "none" : String.join(", ", kinds)));
      return null;
    }
    boolean isMap = kinds.contains("map");
    if (isMap != chainSeen) {
      fields.refuse(
          isMap ? "/do" : "",
          isMap
              ? "Expected do together with map, but it is missing"
              : "Expected do together with map alone, but there is no map");
      return null;
    }
    return switch (kinds.getFirst()) {
      case "map" -> map(defaults);
      case "group" ->
          new StepKind.Group(idle == null ? Over.Stream.IDLE_DEFAULT : idle, ofGroup.finish());
      case "race" -> race.finish(defaults);
      default -> single.finish(defaults);
    };
  }

  private @Nullable StepKind map(JobDefaults defaults) throws RefusedException {
    if (!overSeen) {
      fields.refuse("/map/over", "Expected what the map goes over, but it is missing");
    }
    if (chain.isEmpty()) {
      fields.refuse("/do", "Expected at least one stage, but got none");
    }
    Over items = overSeen ? over.finish() : null;
    List<JobSpec> stages = new ArrayList<>();
    for (StageFields each : chain) {
      JobSpec stage = each.finish(defaults);
      if (stage != null) {
        stages.add(stage);
      }
    }
    if (items == null || stages.isEmpty() || stages.size() < chain.size()) {
      return null;
    }
    return new StepKind.Map(items, ofMap.finish(), stages);
  }
}
