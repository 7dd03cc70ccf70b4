package dev.kanal.process;

import dev.kanal.common.job.JsonBytes;
import dev.kanal.worker.Context;
import dev.kanal.worker.JobHandler;

/** A handler that a new release of a worker brings. */
public final class GreetHandler implements JobHandler<JsonBytes, String> {
  @Override
  public String type() {
    return "greet";
  }

  @Override
  public Class<JsonBytes> payloadType() {
    return JsonBytes.class;
  }

  @Override
  public String handle(Context context, JsonBytes payload) {
    return "hello";
  }
}
