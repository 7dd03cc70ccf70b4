package dev.kanal.common.task;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.task.LifecycleEvent.DuplicateRun;
import dev.kanal.common.task.LifecycleEvent.Transition;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import org.jspecify.annotations.Nullable;

/** A {@link LifecycleEvent} as the JSON value of a record of {@code kanal.lifecycle}. */
public final class LifecycleRecords {
  private static final JsonFactory JSON = new JsonFactory();
  private static final int EXPECTED_BYTES = 320;

  private LifecycleRecords() {}

  public static byte[] encode(LifecycleEvent event) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(EXPECTED_BYTES);
    try (JsonGenerator out = JSON.createGenerator(bytes)) {
      out.writeStartObject();
      out.writeStringField("event", event instanceof Transition ? "state" : "duplicate-run");
      out.writeStringField("job", event.job().toString());
      out.writeNumberField("at", event.at().toEpochMilli());
      switch (event) {
        case Transition transition -> writeTransition(out, transition);
        case DuplicateRun duplicate -> {
          out.writeNumberField("dispatch", duplicate.dispatch());
          out.writeStringField("worker", duplicate.worker());
        }
      }
      out.writeEndObject();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return bytes.toByteArray();
  }

  private static void writeTransition(JsonGenerator out, Transition transition) throws IOException {
    out.writeStringField("type", transition.type());
    out.writeStringField("queue", transition.queue());
    out.writeStringField("state", transition.state().name());
    out.writeNumberField("attempt", transition.attempt());
    out.writeNumberField("dispatch", transition.dispatch());
    writeOptional(out, "outcome", transition.outcome());
    writeOptional(out, "reason", transition.reason());
    writeOptional(out, "worker", transition.worker());
  }

  private static void writeOptional(JsonGenerator out, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      out.writeStringField(name, value);
    }
  }
}
