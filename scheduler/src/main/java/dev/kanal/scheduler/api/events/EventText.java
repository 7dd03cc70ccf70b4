package dev.kanal.scheduler.api.events;

import com.fasterxml.jackson.core.JsonGenerator;
import dev.kanal.common.job.JobState;
import dev.kanal.common.task.LifecycleEvent;
import dev.kanal.common.task.LifecycleEvent.DuplicateRun;
import dev.kanal.common.task.LifecycleEvent.Transition;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.api.json.Times;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonObject;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** Writes server-sent events. */
final class EventText {
  static final String MEDIA_TYPE = "text/event-stream";

  /** A job came into a state. */
  static final String STATE = "state";

  /** An outcome came that no longer counts: the job was run more than once. */
  static final String DUPLICATE_RUN = "duplicate-run";

  /** Events are missing here. */
  static final String GAP = "gap";

  /** Between nodes: how far shards are that have no events. */
  static final String POSITIONS = "positions";

  private static final int EVENT_BYTES = 320;

  private EventText() {}

  static Buffer write(String name, String id, String data) {
    return Buffer.buffer(
        "event: " + name + (id.isEmpty() ? "" : "\nid: " + id) + "\ndata: " + data + "\n\n");
  }

  /** A sign of life that takes the client's last event id along. */
  static Buffer heartbeat(String id) {
    return Buffer.buffer(id.isEmpty() ? ":\n\n" : ":\nid: " + id + "\n\n");
  }

  static String name(LifecycleEvent event) {
    return switch (event) {
      case Transition _ -> STATE;
      case DuplicateRun _ -> DUPLICATE_RUN;
    };
  }

  static String data(LifecycleEvent event) {
    return Json.write(
            EVENT_BYTES,
            (out, _) -> {
              out.writeStartObject();
              out.writeStringField("id", event.job().toString());
              out.writeStringField("at", Times.format(event.at()));
              switch (event) {
                case Transition to -> write(to, out);
                case DuplicateRun run -> {
                  out.writeNumberField("dispatch", run.dispatch());
                  out.writeStringField("worker", run.worker());
                }
              }
              out.writeEndObject();
            })
        .toString(StandardCharsets.UTF_8);
  }

  /**
   * Tells of missing events.
   *
   * @param shard -1 if it is not one
   * @param count 0 if it is not known
   */
  static JsonObject gap(int shard, long count) {
    JsonObject gap = new JsonObject();
    if (shard >= 0) {
      gap.put("shard", shard);
    }
    return count > 0 ? gap.put("count", count) : gap;
  }

  /** Whether a job in the state of this name has ended. */
  static boolean isFinal(String state) {
    return Arrays.stream(JobState.values())
        .anyMatch(each -> each.isFinal() && each.name().equals(state));
  }

  private static void write(Transition to, JsonGenerator out) throws IOException {
    out.writeStringField("type", to.type());
    out.writeStringField("queue", to.queue());
    out.writeStringField("state", to.state().name());
    out.writeNumberField("attempt", to.attempt());
    out.writeNumberField("dispatch", to.dispatch());
    optional(out, "outcome", to.outcome());
    optional(out, "reason", to.reason());
    optional(out, "worker", to.worker());
  }

  private static void optional(JsonGenerator out, String name, @Nullable String value)
      throws IOException {
    if (value != null) {
      out.writeStringField(name, value);
    }
  }
}
