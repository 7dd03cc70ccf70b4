package dev.kanal.process;

import dev.kanal.common.job.JsonBytes;
import dev.kanal.worker.Context;
import dev.kanal.worker.JobHandler;

/** Takes its worker's process down each time, as a bug in native code or a lack of memory does. */
public final class CrashHandler implements JobHandler<JsonBytes, JsonBytes> {
  static final int STATUS = 9;

  @Override
  public String type() {
    return "crash";
  }

  @Override
  public Class<JsonBytes> payloadType() {
    return JsonBytes.class;
  }

  @Override
  public JsonBytes handle(Context context, JsonBytes payload) {
    Runtime.getRuntime().halt(STATUS);
    return payload;
  }
}
