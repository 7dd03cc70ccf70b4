package dev.kanal.scheduler.api.jobs;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.context.AttemptTrace;
import dev.kanal.common.job.Attempt;
import dev.kanal.common.job.ErrorInfo;
import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JobProgress;
import dev.kanal.common.job.ScheduleTick;
import dev.kanal.common.worker.WorkerReport;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.api.json.Times;
import dev.kanal.scheduler.api.spec.SpecWriter;
import dev.kanal.scheduler.engine.query.JobView;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Writes a job as the API shows it. */
public final class JobWriter {
  private static final int OVERHEAD = 1024;

  private JobWriter() {}

  public static Buffer write(JobView job) {
    return write(job, null);
  }

  /**
   * @param live workers; null if nobody asks for them, or it is not known which there are
   */
  static Buffer write(JobView job, @Nullable List<WorkerReport> live) {
    int result = job.result() == null ? 0 : job.result().length();
    int capacity = job.spec().payload().length() + result + OVERHEAD;
    return Json.write(capacity, (out, json) -> write(job, true, live, out, json));
  }

  /** As lists show it: without payload and result. */
  static Buffer writeItem(JobView job) {
    return Json.write(OVERHEAD, (out, json) -> write(job, false, null, out, json));
  }

  private static void write(
      JobView job, boolean whole, @Nullable List<WorkerReport> live, JsonGenerator out, Json json)
      throws IOException {
    String traceId = traceId(job);
    out.writeStartObject();
    out.writeStringField("id", job.id().toString());
    out.writeStringField("type", job.spec().type());
    out.writeStringField("queue", job.spec().queue());
    out.writeStringField("priority", job.spec().priority().text());
    out.writeStringField("state", job.state().name());
    optional(out, "reason", job.reason() == null ? null : job.reason().text());
    if (job.stillRunning()) {
      out.writeBooleanField("stillRunning", true);
    }
    if (whole) {
      WaitsForWriter.write(job, live, out);
    } else {
      WaitsForWriter.writeBrief(job, out);
    }
    if (whole) {
      out.writeFieldName("payload");
      json.splice(job.spec().payload());
    }
    if (whole && job.result() != null) {
      out.writeFieldName("result");
      json.splice(job.result());
    }
    SpecWriter.writeTags(job.spec(), out);
    SpecWriter.writeKey(job.spec(), out);
    if (whole) {
      SpecWriter.writeRules(job.spec(), out);
    }
    time(out, "createdAt", job.createdAt());
    time(out, "runAt", job.runAt());
    time(out, "deadline", job.spec().deadline());
    time(out, "finishedAt", job.finishedAt());
    writeAttempts(job, traceId, out);
    writeProgress(job.progress(), out);
    JobId parent = job.spec().parent();
    optional(out, "parent", parent == null ? null : parent.toString());
    writeTick(job.spec().tick(), out);
    optional(out, "traceId", traceId);
    out.writeEndObject();
  }

  /** What stands on a schedule's job is the trace of who put the schedule. */
  private static @Nullable String traceId(JobView job) {
    if (job.spec().tick() == null) {
      return job.trace().traceId();
    }
    AttemptTrace first = job.attempts().isEmpty() ? null : job.attempts().getFirst().trace();
    return first == null ? null : first.traceId();
  }

  private static void writeAttempts(JobView job, @Nullable String traceId, JsonGenerator out)
      throws IOException {
    out.writeNumberField("attempt", job.attempt());
    out.writeNumberField("maxAttempts", job.maxAttempts());
    out.writeArrayFieldStart("attempts");
    for (Attempt attempt : job.attempts()) {
      write(attempt, traceId, out);
    }
    out.writeEndArray();
    if (job.attemptsOmitted() > 0) {
      out.writeNumberField("attemptsOmitted", job.attemptsOmitted());
    }
  }

  private static void writeProgress(@Nullable JobProgress progress, JsonGenerator out)
      throws IOException {
    if (progress != null) {
      out.writeObjectFieldStart("progress");
      out.writeNumberField("fraction", progress.fraction());
      optional(out, "message", progress.message());
      out.writeEndObject();
    }
  }

  private static void writeTick(@Nullable ScheduleTick tick, JsonGenerator out) throws IOException {
    if (tick != null) {
      out.writeObjectFieldStart("schedule");
      out.writeStringField("name", tick.schedule());
      time(out, "tick", tick.tick());
      out.writeEndObject();
    }
  }

  private static void write(Attempt attempt, @Nullable String traceId, JsonGenerator out)
      throws IOException {
    out.writeStartObject();
    out.writeNumberField("number", attempt.number());
    out.writeStringField("outcome", attempt.outcome());
    out.writeStringField("worker", attempt.worker());
    time(out, "startedAt", attempt.startedAt());
    time(out, "finishedAt", attempt.finishedAt());
    ErrorInfo error = attempt.error();
    if (error != null) {
      out.writeObjectFieldStart("error");
      out.writeStringField("type", error.type());
      out.writeStringField("message", error.message());
      optional(out, "stack", error.stack());
      out.writeEndObject();
    }
    time(out, "sentAt", attempt.sentAt());
    time(out, "recordedAt", attempt.recordedAt());
    AttemptTrace trace = attempt.trace();
    optional(out, "traceId", trace == null ? traceId : trace.traceId());
    out.writeEndObject();
  }

  private static void time(JsonGenerator out, String name, @Nullable Instant time)
      throws IOException {
    optional(out, name, time == null ? null : Times.format(time));
  }

  private static void optional(JsonGenerator out, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      out.writeStringField(name, value);
    }
  }
}
