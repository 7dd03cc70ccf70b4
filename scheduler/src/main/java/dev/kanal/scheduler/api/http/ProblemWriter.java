package dev.kanal.scheduler.api.http;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.api.problem.FieldError;
import dev.kanal.scheduler.api.problem.Problem;
import io.vertx.core.buffer.Buffer;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/** Writes problems as RFC 9457 has them. */
public final class ProblemWriter {
  public static final String MEDIA_TYPE = "application/problem+json";

  private static final int CAPACITY = 512;

  private ProblemWriter() {}

  static Buffer write(Problem problem, @Nullable String traceId) {
    return Json.write(
        CAPACITY,
        (out, _) -> {
          out.writeStartObject();
          writeFields(problem, traceId, out);
          out.writeEndObject();
        });
  }

  /** The answer to one line of a batch upload. */
  public static Buffer writeLine(long line, Problem problem, @Nullable String traceId) {
    return Json.write(
        CAPACITY,
        (out, _) -> {
          out.writeStartObject();
          out.writeNumberField("line", line);
          writeFields(problem, traceId, out);
          out.writeEndObject();
          out.writeRaw('\n');
        });
  }

  private static void writeFields(Problem problem, @Nullable String traceId, JsonGenerator out)
      throws IOException {
    out.writeStringField("type", problem.code().type());
    out.writeStringField("title", problem.code().title());
    out.writeNumberField("status", problem.code().status());
    out.writeStringField("detail", problem.detail());
    if (!problem.errors().isEmpty()) {
      out.writeArrayFieldStart("errors");
      for (FieldError error : problem.errors()) {
        out.writeStartObject();
        out.writeStringField("pointer", error.pointer());
        out.writeStringField("detail", error.detail());
        out.writeEndObject();
      }
      out.writeEndArray();
    }
    if (traceId != null) {
      out.writeStringField("traceId", traceId);
    }
  }
}
