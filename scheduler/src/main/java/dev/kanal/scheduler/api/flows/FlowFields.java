package dev.kanal.scheduler.api.flows;

import com.fasterxml.jackson.core.JsonToken;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.FlowSpec.OnFailure;
import dev.kanal.common.flow.StepSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.Retention;
import dev.kanal.scheduler.api.json.FieldReader;
import dev.kanal.scheduler.api.problem.RefusedException;
import dev.kanal.scheduler.api.spec.KeysFields;
import dev.kanal.scheduler.api.spec.RetentionFields;
import dev.kanal.scheduler.api.spec.TagsFields;
import java.io.IOException;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** A flow while its fields are read. Belongs to the call that reads it. */
final class FlowFields {
  static final Pattern NAME = Pattern.compile(FlowSpec.NAME);
  private static final String FIELDS =
      "name, input, steps, onFailure, deadline, tags, retention, output, idempotencyKey";

  private final FlowJson json;
  private final FieldReader fields;
  private final TagsFields tags;
  private final RetentionFields retention;
  private final KeysFields keys;
  private final List<StepFields> steps = new ArrayList<>();
  private boolean isObject;
  private boolean nameSeen;
  private boolean stepsSeen;
  private @Nullable String name;
  private JsonBytes input = JsonBytes.NULL;
  private @Nullable OnFailure onFailure;
  private @Nullable Instant deadline;
  private @Nullable JsonBytes output;

  FlowFields(FlowJson json) {
    this.json = json;
    this.fields = json.fields();
    this.tags = json.tags();
    this.retention = new RetentionFields(fields, "/retention");
    this.keys = new KeysFields(fields);
  }

  void read() throws IOException {
    isObject = json.token() == JsonToken.START_OBJECT;
    fields.object("", FIELDS, this::readField);
  }

  private boolean readField(String field) throws IOException {
    switch (field) {
      case "name" -> {
        nameSeen = true;
        name = fields.matching("/name", NAME);
      }
      case "input" -> input = json.value();
      case "steps" -> {
        stepsSeen = true;
        json.array("/steps", FlowSpec.STEPS_MAX, this::readStep);
      }
      case "onFailure" ->
          onFailure = fields.choice("/onFailure", List.of(OnFailure.values()), OnFailure::text);
      case "deadline" -> deadline = fields.time("/deadline");
      case "tags" -> tags.read();
      case "retention" -> retention.read();
      case "output" -> output = json.value();
      case "idempotencyKey" -> {
        return keys.read(field);
      }
      default -> {
        return false;
      }
    }
    return true;
  }

  private void readStep(int index) throws IOException {
    StepFields step = new StepFields(json.within("/steps/" + index));
    step.read();
    steps.add(step);
  }

  @Nullable String idempotencyKey(@Nullable String header) {
    return keys.idempotencyKey(header);
  }

  /** The flow, whose parts need not fit together yet. */
  FlowSpec finish(JobDefaults defaults) throws RefusedException {
    if (isObject && !nameSeen) {
      fields.refuse("/name", "Expected a name, but it is missing");
    }
    if (isObject && (!stepsSeen || (steps.isEmpty() && fields.errors().isEmpty()))) {
      fields.refuse("/steps", "Expected at least one step, but got none");
    }
    if (deadline != null && !deadline.isAfter(defaults.now())) {
      fields.refuse("/deadline", "Expected a time in the future, but got " + deadline);
    }
    List<StepSpec> made = new ArrayList<>();
    for (StepFields step : steps) {
      StepSpec spec = step.finish(defaults);
      if (spec != null) {
        made.add(spec);
      }
    }
    if (!fields.errors().isEmpty() || name == null) {
      throw fields.refusal();
    }
    return new FlowSpec(
        name,
        input,
        made,
        onFailure == null ? OnFailure.CANCEL : onFailure,
        deadline,
        tags.tags(),
        retention.retention(Retention.DEFAULT),
        output,
        null);
  }
}
