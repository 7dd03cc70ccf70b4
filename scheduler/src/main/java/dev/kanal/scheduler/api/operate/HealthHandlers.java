package dev.kanal.scheduler.api.operate;

import dev.kanal.common.channel.KafkaReach;
import dev.kanal.scheduler.api.http.Answers;
import dev.kanal.scheduler.api.json.Json;
import dev.kanal.scheduler.engine.query.JobReader;
import io.vertx.core.buffer.Buffer;
import io.vertx.ext.web.RoutingContext;

/** {@code /livez} and {@code /readyz}. */
final class HealthHandlers {
  private final JobReader reader;
  private final KafkaReach reach;
  private final KafkaAddress kafka;

  HealthHandlers(JobReader reader, KafkaReach reach, KafkaAddress kafka) {
    this.reader = reader;
    this.reach = reach;
    this.kafka = kafka;
  }

  /** The event loop turns: that is all it says. */
  void live(RoutingContext context) {
    Buffer body =
        Json.write(
            64,
            (out, _) -> {
              out.writeStartObject();
              out.writeStringField("status", "live");
              out.writeEndObject();
            });
    Answers.sendJson(context.request(), 200, body);
  }

  void ready(RoutingContext context) {
    JobReader.Health health = reader.health();
    String away = reach.away();
    boolean ready = health.ready() && away == null;
    String detail = away == null ? health.detail() : away + ": submits are refused";
    Buffer body =
        Json.write(
            256,
            (out, _) -> {
              out.writeStartObject();
              out.writeStringField("status", ready ? "ready" : "not-ready");
              out.writeStringField("detail", detail);
              out.writeObjectFieldStart("kafka");
              out.writeStringField("bootstrap", kafka.bootstrap());
              out.writeStringField("prefix", kafka.prefix());
              out.writeEndObject();
              out.writeEndObject();
            });
    if (!ready) {
      context.response().putHeader("Retry-After", "1");
    }
    Answers.sendJson(context.request(), ready ? 200 : 503, body);
  }
}
