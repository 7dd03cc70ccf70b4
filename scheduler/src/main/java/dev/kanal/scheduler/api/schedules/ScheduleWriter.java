package dev.kanal.scheduler.api.schedules;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.JobState;
import dev.kanal.common.schedule.Cadence;
import dev.kanal.common.schedule.ScheduleSpec;
import dev.kanal.common.schedule.Skipped;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.api.json.Times;
import dev.kanal.scheduler.api.spec.SpecWriter;
import dev.kanal.scheduler.engine.query.ScheduleView;
import dev.kanal.scheduler.engine.schedule.ScheduledRun;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;

/** Writes a schedule as the API shows it. */
final class ScheduleWriter {
  /** How many ticks to come are shown. */
  static final int NEXT_TICKS = 10;

  private static final int OVERHEAD = 4_096;

  private ScheduleWriter() {}

  static Buffer write(ScheduleView schedule, Instant now) {
    int capacity = OVERHEAD + schedule.spec().job().payload().length();
    return Json.write(capacity, (out, json) -> write(schedule, now, true, new Sheet(out, json)));
  }

  /** What can be set of the schedule, as a {@code PUT} takes it. */
  static byte[] writeSettings(ScheduleSpec spec) {
    int capacity = OVERHEAD + spec.job().payload().length();
    return Json.write(
            capacity,
            (out, json) -> {
              out.writeStartObject();
              writeSettings(spec, true, new Sheet(out, json));
              out.writeEndObject();
            })
        .getBytes();
  }

  /** The schedule without its job's payload. */
  static void writeBrief(ScheduleView schedule, Instant now, JsonGenerator out, Json json)
      throws IOException {
    write(schedule, now, false, new Sheet(out, json));
  }

  static Buffer writeRuns(ScheduleView schedule) {
    return Json.write(
        OVERHEAD,
        (out, _) -> {
          out.writeStartObject();
          out.writeArrayFieldStart("items");
          for (ScheduledRun run : schedule.runs().reversed()) {
            write(run, out);
          }
          out.writeEndArray();
          writeSkipped(schedule, out);
          out.writeNullField("nextCursor");
          out.writeEndObject();
        });
  }

  static Buffer write(ScheduledRun run) {
    return Json.write(OVERHEAD, (out, _) -> write(run, out));
  }

  /** Both ends of one document. */
  private record Sheet(JsonGenerator out, Json json) {}

  private static void write(ScheduleView schedule, Instant now, boolean payload, Sheet sheet)
      throws IOException {
    JsonGenerator out = sheet.out;
    ScheduleSpec spec = schedule.spec();
    out.writeStartObject();
    out.writeStringField("name", schedule.name());
    writeSettings(spec, payload, sheet);
    time(out, "createdAt", schedule.createdAt());
    time(out, "changedAt", schedule.changedAt());
    out.writeArrayFieldStart("nextTicks");
    for (Instant tick : schedule.nextTicks(now, NEXT_TICKS)) {
      out.writeString(Times.format(tick));
    }
    out.writeEndArray();
    if (!schedule.runs().isEmpty()) {
      out.writeFieldName("lastRun");
      write(schedule.runs().getLast(), out);
    }
    writeSkipped(schedule, out);
    writeWarnings(spec, out);
    out.writeEndObject();
  }

  private static void writeWarnings(ScheduleSpec spec, JsonGenerator out) throws IOException {
    String warning =
        spec.cadence() instanceof Cadence.ByCron(var cron, _) ? cron.warning().orElse(null) : null;
    if (warning != null) {
      out.writeArrayFieldStart("warnings");
      out.writeStartObject();
      out.writeStringField("pointer", "/cron");
      out.writeStringField("detail", warning);
      out.writeEndObject();
      out.writeEndArray();
    }
  }

  private static void writeSettings(ScheduleSpec spec, boolean payload, Sheet sheet)
      throws IOException {
    JsonGenerator out = sheet.out;
    switch (spec.cadence()) {
      case Cadence.ByCron(var cron, var zone) -> {
        out.writeStringField("cron", cron.toString());
        out.writeStringField("zone", name(zone));
      }
      case Cadence.Every(var period) -> duration(out, "every", period);
    }
    writeJob(spec.job(), payload, sheet);
    out.writeObjectFieldStart("misfire");
    out.writeStringField("policy", spec.misfire().policy().text());
    out.writeNumberField("limit", spec.misfire().limit());
    out.writeEndObject();
    if (spec.startingDeadline() != null) {
      duration(out, "startingDeadline", spec.startingDeadline());
    }
    out.writeStringField("concurrencyPolicy", spec.concurrency().text());
    out.writeBooleanField("paused", spec.paused());
  }

  static String name(ZoneId zone) {
    return zone.getId().equals("Z") ? "UTC" : zone.getId();
  }

  private static void writeJob(JobSpec job, boolean payload, Sheet sheet) throws IOException {
    JsonGenerator out = sheet.out;
    out.writeObjectFieldStart("job");
    out.writeStringField("type", job.type());
    if (payload) {
      out.writeFieldName("payload");
      sheet.json.splice(job.payload());
    }
    out.writeStringField("queue", job.queue());
    out.writeStringField("priority", job.priority().text());
    SpecWriter.writeKey(job, out);
    SpecWriter.writeTags(job, out);
    SpecWriter.writeRules(job, out);
    out.writeEndObject();
  }

  private static void writeSkipped(ScheduleView schedule, JsonGenerator out) throws IOException {
    out.writeArrayFieldStart("skipped");
    for (Skipped skipped : schedule.skipped().reversed()) {
      out.writeStartObject();
      out.writeStringField("reason", skipped.reason().text());
      out.writeNumberField("count", skipped.count());
      time(out, "first", skipped.first());
      time(out, "last", skipped.last());
      out.writeEndObject();
    }
    out.writeEndArray();
  }

  private static void write(ScheduledRun run, JsonGenerator out) throws IOException {
    JobState state = run.state();
    out.writeStartObject();
    time(out, "tick", run.tick());
    out.writeStringField("job", run.job().toString());
    out.writeBooleanField("triggered", run.isTriggered());
    time(out, "firedAt", run.firedAt());
    if (state != null) {
      out.writeStringField("state", state.name());
    }
    if (run.endedAt() != null) {
      time(out, "endedAt", run.endedAt());
    }
    out.writeEndObject();
  }

  private static void time(JsonGenerator out, String name, Instant time) throws IOException {
    out.writeStringField(name, Times.format(time));
  }

  private static void duration(JsonGenerator out, String name, Duration duration)
      throws IOException {
    out.writeStringField(name, duration.toString());
  }
}
