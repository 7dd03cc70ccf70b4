package dev.kanal.process;

import dev.kanal.common.job.JsonBytes;
import dev.kanal.worker.Context;
import dev.kanal.worker.JobHandler;
import org.slf4j.LoggerFactory;

/** Logs a line as any library would. */
public final class TalkHandler implements JobHandler<JsonBytes, String> {
  @Override
  public String type() {
    return "talk";
  }

  @Override
  public Class<JsonBytes> payloadType() {
    return JsonBytes.class;
  }

  @Override
  public String handle(Context context, JsonBytes payload) {
    LoggerFactory.getLogger("talk").warn("on it");
    return "said";
  }
}
