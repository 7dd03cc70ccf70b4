package dev.kanal.scheduler.api.spec;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.job.Backoff;
import dev.kanal.common.job.JobKey;
import dev.kanal.common.job.JobSpec;
import dev.kanal.common.job.Retention;
import dev.kanal.common.job.RetryPolicy;
import java.io.IOException;
import java.time.Duration;
import java.util.Map;

/** Writes what a job was asked for with, as a submit would say it. */
public final class SpecWriter {
  private SpecWriter() {}

  public static void writeKey(JobSpec job, JsonGenerator out) throws IOException {
    JobKey key = job.key();
    if (key != null) {
      out.writeStringField("key", key.value());
      out.writeNumberField("keyLimit", key.limit());
    }
  }

  public static void writeTags(JobSpec job, JsonGenerator out) throws IOException {
    writeTags(job.tags(), out);
  }

  public static void writeTags(Map<String, String> tags, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("tags");
    for (Map.Entry<String, String> tag : tags.entrySet()) {
      out.writeStringField(tag.getKey(), tag.getValue());
    }
    out.writeEndObject();
  }

  /** {@code timeout}, {@code retry} and {@code retention}. */
  public static void writeRules(JobSpec job, JsonGenerator out) throws IOException {
    writeAttempts(job, out);
    writeRetention(job.retention(), out);
  }

  /** {@code timeout} and {@code retry}. */
  public static void writeAttempts(JobSpec job, JsonGenerator out) throws IOException {
    duration(out, "timeout", job.timeout());
    writeRetry(job.retry(), out);
  }

  public static void writeRetention(Retention retention, JsonGenerator out) throws IOException {
    out.writeObjectFieldStart("retention");
    duration(out, "succeeded", retention.succeeded());
    duration(out, "other", retention.other());
    out.writeEndObject();
  }

  private static void writeRetry(RetryPolicy retry, JsonGenerator out) throws IOException {
    Backoff backoff = retry.backoff();
    out.writeObjectFieldStart("retry");
    out.writeNumberField("maxAttempts", retry.maxAttempts());
    out.writeObjectFieldStart("backoff");
    duration(out, "initial", backoff.initial());
    out.writeNumberField("multiplier", backoff.multiplier());
    duration(out, "max", backoff.max());
    out.writeNumberField("jitter", backoff.jitter());
    out.writeEndObject();
    out.writeEndObject();
  }

  private static void duration(JsonGenerator out, String name, Duration duration)
      throws IOException {
    out.writeStringField(name, duration.toString());
  }
}
