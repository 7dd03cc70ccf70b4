package dev.kanal.process;

import dev.kanal.common.job.JobId;
import dev.kanal.common.job.JsonBytes;
import dev.kanal.worker.Child;
import dev.kanal.worker.Context;
import dev.kanal.worker.JobHandler;

/** Fails twice; then submits a job that calls the URL which is the payload. */
public final class OrderHandler implements JobHandler<JsonBytes, String> {
  @Override
  public String type() {
    return "order";
  }

  @Override
  public Class<JsonBytes> payloadType() {
    return JsonBytes.class;
  }

  @Override
  public String handle(Context context, JsonBytes payload) {
    var span = context.tracer().spanBuilder("look for stock").startSpan();
    span.end();
    if (context.attempt() < 3) {
      throw new IllegalStateException("out of stock");
    }
    JsonBytes call = JsonBytes.of("{\"url\":" + payload + "}");
    JobId child = context.submit("notify", Child.of("http", call));
    return child.toString();
  }
}
