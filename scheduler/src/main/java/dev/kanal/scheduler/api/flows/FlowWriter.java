package dev.kanal.scheduler.api.flows;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.flow.FanOut;
import dev.kanal.common.flow.FlowSpec;
import dev.kanal.common.flow.Over;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import dev.kanal.common.flow.Tolerance;
import dev.kanal.common.job.Idempotency;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.common.job.StartTime;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.api.json.Times;
import dev.kanal.scheduler.api.spec.SpecWriter;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a flow as a submit would say it. Belongs to one document. */
public final class FlowWriter {
  private static final int CAPACITY = 8_192;

  private final JsonGenerator out;
  private final Json json;

  private FlowWriter(JsonGenerator out, Json json) {
    this.out = out;
    this.json = json;
  }

  /** The whole definition. */
  public static Buffer write(FlowSpec spec) {
    return Json.write(
        CAPACITY,
        (out, json) -> {
          out.writeStartObject();
          new FlowWriter(out, json).writeFlow(spec);
          out.writeEndObject();
        });
  }

  private void writeFlow(FlowSpec spec) throws IOException {
    out.writeStringField("name", spec.name());
    splice("input", spec.input());
    out.writeArrayFieldStart("steps");
    for (StepSpec step : spec.steps()) {
      out.writeStartObject();
      writeStep(step);
      out.writeEndObject();
    }
    out.writeEndArray();
    out.writeStringField("onFailure", spec.onFailure().text());
    Instant deadline = spec.deadline();
    if (deadline != null) {
      out.writeStringField("deadline", Times.format(deadline));
    }
    SpecWriter.writeTags(spec.tags(), out);
    SpecWriter.writeRetention(spec.retention(), out);
    JsonBytes output = spec.output();
    if (output != null) {
      splice("output", output);
    }
    Idempotency idempotency = spec.idempotency();
    if (idempotency != null) {
      out.writeStringField("idempotencyKey", idempotency.key());
    }
  }

  private void writeStep(StepSpec step) throws IOException {
    out.writeStringField("name", step.name());
    out.writeArrayFieldStart("needs");
    for (String need : step.needs()) {
      out.writeString(need);
    }
    out.writeEndArray();
    out.writeStringField("when", step.when().text());
    out.writeBooleanField("optional", step.optional());
    switch (step.kind()) {
      case StepKind.Single single -> writeSingle(single);
      case StepKind.Map(Over over, FanOut fanOut, List<JobSpec> chain) -> {
        out.writeObjectFieldStart("map");
        writeOver(over);
        writeFanOut(fanOut);
        out.writeEndObject();
        out.writeArrayFieldStart("do");
        for (JobSpec stage : chain) {
          out.writeStartObject();
          writeJob(stage);
          out.writeEndObject();
        }
        out.writeEndArray();
      }
      case StepKind.Group(Duration idle, FanOut fanOut) -> {
        out.writeObjectFieldStart("group");
        writeDuration("idle", idle);
        writeFanOut(fanOut);
        out.writeEndObject();
      }
      case StepKind.Race(List<StepKind.Branch> branches) -> {
        out.writeObjectFieldStart("race");
        for (StepKind.Branch branch : branches) {
          out.writeObjectFieldStart(branch.name());
          writeSingle(branch.kind());
          out.writeEndObject();
        }
        out.writeEndObject();
      }
    }
  }

  private void writeSingle(StepKind.Single single) throws IOException {
    switch (single) {
      case StepKind.Job(JobSpec job) -> writeJob(job);
      case StepKind.Wait(String event, Duration timeout) -> {
        out.writeObjectFieldStart("wait");
        if (event != null) {
          out.writeStringField("event", event);
        }
        writeDuration("timeout", timeout);
        out.writeEndObject();
      }
    }
  }

  private void writeOver(Over over) throws IOException {
    switch (over) {
      case Over.Items(JsonBytes array) -> splice("over", array);
      case Over.Range(long from, long to, long by) -> {
        out.writeObjectFieldStart("over");
        out.writeObjectFieldStart("range");
        out.writeNumberField("from", from);
        out.writeNumberField("to", to);
        out.writeNumberField("by", by);
        out.writeEndObject();
        out.writeEndObject();
      }
      case Over.Stream(Duration idle) -> {
        out.writeObjectFieldStart("over");
        out.writeObjectFieldStart("stream");
        writeDuration("idle", idle);
        out.writeEndObject();
        out.writeEndObject();
      }
    }
  }

  private void writeFanOut(FanOut fanOut) throws IOException {
    out.writeNumberField("atOnce", fanOut.atOnce());
    out.writeObjectFieldStart("tolerate");
    switch (fanOut.tolerate()) {
      case Tolerance.Failures(int most) -> out.writeNumberField("failures", most);
      case Tolerance.Percent(int most) -> out.writeNumberField("percent", most);
    }
    out.writeEndObject();
    if (fanOut.keep() != null) {
      out.writeStringField("keep", fanOut.keep().text());
    }
    out.writeBooleanField("collect", fanOut.collect());
  }

  private void writeJob(JobSpec job) throws IOException {
    out.writeStringField("type", job.type());
    splice("payload", job.payload());
    out.writeStringField("queue", job.queue());
    out.writeStringField("priority", job.priority().text());
    SpecWriter.writeKey(job, out);
    switch (job.start()) {
      case StartTime.Now() -> {}
      case StartTime.After(Duration delay) -> writeDuration("delay", delay);
      case StartTime.At(Instant time) -> out.writeStringField("runAt", Times.format(time));
    }
    SpecWriter.writeAttempts(job, out);
    SpecWriter.writeTags(job, out);
  }

  private void writeDuration(String name, @Nullable Duration duration) throws IOException {
    if (duration != null) {
      out.writeStringField(name, duration.toString());
    }
  }

  private void splice(String name, JsonBytes value) throws IOException {
    out.writeFieldName(name);
    json.splice(value);
  }
}
