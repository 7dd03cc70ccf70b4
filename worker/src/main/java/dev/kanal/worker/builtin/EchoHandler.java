package dev.kanal.worker.builtin;

import dev.kanal.common.job.JsonBytes;
import dev.kanal.worker.Context;
import dev.kanal.worker.JobHandler;

/** {@code echo}: returns its payload, byte for byte. */
public final class EchoHandler implements JobHandler<JsonBytes, JsonBytes> {
  @Override
  public String type() {
    return "echo";
  }

  @Override
  public Class<JsonBytes> payloadType() {
    return JsonBytes.class;
  }

  @Override
  public JsonBytes handle(Context context, JsonBytes payload) {
    return payload;
  }
}
