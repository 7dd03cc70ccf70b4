package dev.kanal.scheduler.api.counts;

import com.fasterxml.jackson.core.JsonGenerator;
import java.io.IOException;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Something that is not well, or that somebody may have forgotten.
 *
 * @param queue that it is about, if it is about one
 * @param sentence what there is and what to do about it
 * @param count of jobs
 * @param href where the API shows more
 */
public record Finding(Code code, @Nullable String queue, String sentence, long count, String href) {

  /** What it is; the gravest first. */
  public enum Code {
    /** Jobs wait, and there is no live worker at all. */
    NO_WORKERS(Severity.CRITICAL),
    /** Jobs wait in a queue that no live worker takes. */
    NO_WORKER(Severity.CRITICAL),
    /** Jobs wait for a worker that has a handler for their type. */
    UNHANDLED_TYPE(Severity.CRITICAL),
    /** A queue takes no more jobs. */
    QUEUE_FULL(Severity.CRITICAL),
    /** The oldest job has waited long for a slot. */
    WAITS_LONG(Severity.WARNING),
    /** The oldest job has long been blocked. */
    BLOCKED_LONG(Severity.WARNING),
    /** Jobs have died lately. */
    DEAD(Severity.WARNING),
    /** Jobs wait in a queue that somebody has paused. */
    PAUSED(Severity.INFO);

    private final Severity severity;

    Code(Severity severity) {
      this.severity = severity;
    }

    public String text() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  /** How grave it is. */
  enum Severity {
    CRITICAL,
    WARNING,
    /** All may be as it should be. */
    INFO;

    String text() {
      return name().toLowerCase(Locale.ROOT);
    }
  }

  Severity severity() {
    return code.severity;
  }

  void write(JsonGenerator out) throws IOException {
    out.writeStartObject();
    out.writeStringField("code", code.text());
    out.writeStringField("severity", severity().text());
    if (queue != null) {
      out.writeStringField("queue", queue);
    }
    out.writeStringField("sentence", sentence);
    out.writeNumberField("count", count);
    out.writeStringField("href", href);
    out.writeEndObject();
  }
}
