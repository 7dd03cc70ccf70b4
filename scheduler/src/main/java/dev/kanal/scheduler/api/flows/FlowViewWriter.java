package dev.kanal.scheduler.api.flows;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.flow.StepKind;
import dev.kanal.common.flow.StepSpec;
import dev.kanal.common.flow.plan.FlowReason;
import dev.kanal.common.flow.plan.StepCounts;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobSpec;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.api.json.Times;
import dev.kanal.scheduler.api.spec.SpecWriter;
import dev.kanal.scheduler.engine.query.FlowView;
import dev.kanal.scheduler.engine.query.StepView;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** Writes a flow as the API shows it. */
final class FlowViewWriter {
  private static final int CAPACITY = 4_096;

  private FlowViewWriter() {}

  static Buffer write(FlowView flow) {
    return Json.write(CAPACITY, (out, json) -> write(flow, true, out, json));
  }

  /** As lists show it: without steps and output. */
  static Buffer writeItem(FlowView flow) {
    return Json.write(CAPACITY, (out, json) -> write(flow, false, out, json));
  }

  private static void write(FlowView flow, boolean whole, JsonGenerator out, Json json)
      throws IOException {
    out.writeStartObject();
    out.writeStringField("id", flow.id().toString());
    out.writeStringField("name", flow.spec().name());
    out.writeStringField("state", flow.state().name());
    writeReason(flow.reason(), out);
    out.writeNumberField("round", flow.round());
    writeTime("createdAt", flow.createdAt(), out);
    writeTime("finishedAt", flow.finishedAt(), out);
    writeTime("deadline", flow.deadline(), out);
    out.writeNumberField("openMembers", flow.openMembers());
    SpecWriter.writeTags(flow.spec().tags(), out);
    if (whole) {
      out.writeArrayFieldStart("steps");
      for (StepView step : flow.steps()) {
        writeStep(step, out);
      }
      out.writeEndArray();
      if (flow.output() != null) {
        out.writeFieldName("output");
        json.splice(flow.output());
      }
    }
    String traceId = flow.trace().traceId();
    if (traceId != null) {
      out.writeStringField("traceId", traceId);
    }
    out.writeEndObject();
  }

  private static void writeStep(StepView step, JsonGenerator out) throws IOException {
    StepSpec spec = step.spec();
    out.writeStartObject();
    out.writeStringField("name", spec.name());
    out.writeStringField("kind", step.kind());
    out.writeStringField("state", step.state().name());
    writeReason(step.reason(), out);
    out.writeArrayFieldStart("needs");
    for (String need : spec.needs()) {
      out.writeString(need);
    }
    out.writeEndArray();
    out.writeStringField("when", spec.when().text());
    if (spec.optional()) {
      out.writeBooleanField("optional", true);
    }
    writeTime("startedAt", step.startedAt(), out);
    writeTime("finishedAt", step.finishedAt(), out);
    switch (spec.kind()) {
      case StepKind.Job(JobSpec job) -> {
        out.writeStringField("type", job.type());
        JobId made = step.job();
        if (made != null) {
          out.writeStringField("job", made.toString());
        }
      }
      case StepKind.Wait(String event, _) -> {
        if (event != null) {
          out.writeStringField("event", event);
        }
      }
      case StepKind.Map(_, _, var chain) -> {
        out.writeStringField("type", chain.getFirst().type());
        writeFanOut(step, out);
      }
      case StepKind.Group _ -> writeFanOut(step, out);
      case StepKind.Race _ -> {
        writeCounts(step.counts(), out);
        if (step.winner() != null) {
          out.writeStringField("winner", step.winner());
        }
      }
    }
    out.writeEndObject();
  }

  private static void writeFanOut(StepView step, JsonGenerator out) throws IOException {
    writeCounts(step.counts(), out);
    out.writeNumberField("atOnce", step.atOnce());
    if (step.spec().kind().isFed()) {
      StepCounts counts = step.counts();
      out.writeNumberField("sequence", step.sequence());
      out.writeBooleanField("closed", counts != null && counts.sealed());
    }
  }

  private static void writeCounts(@Nullable StepCounts counts, JsonGenerator out)
      throws IOException {
    if (counts != null) {
      out.writeNumberField("width", counts.width());
      out.writeNumberField("launched", counts.launched());
      out.writeNumberField("ended", counts.ended());
      out.writeNumberField("failed", counts.failed());
    }
  }

  private static void writeReason(@Nullable FlowReason reason, JsonGenerator out)
      throws IOException {
    if (reason != null) {
      out.writeStringField("reason", reason.text());
    }
  }

  private static void writeTime(String name, @Nullable Instant time, JsonGenerator out)
      throws IOException {
    if (time != null) {
      out.writeStringField(name, Times.format(time));
    }
  }
}
