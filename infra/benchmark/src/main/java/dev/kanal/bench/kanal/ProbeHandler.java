package dev.kanal.bench.kanal;

import dev.kanal.worker.Context;
import dev.kanal.worker.JobHandler;
import org.jspecify.annotations.Nullable;

/**
 * {@code probe}: notes how long after its due time it starts; {@link ReportHandler} reports that.
 */
public final class ProbeHandler implements JobHandler<ProbeHandler.Payload, @Nullable Void> {
  /** The delays of all probes in this process. */
  static final Latencies STARTS = new Latencies();

  /**
   * What a probe carries.
   *
   * @param due when it was to be submitted, in microseconds since 1970
   * @param data of any size
   */
  public record Payload(long due, String data) {}

  @Override
  public String type() {
    return "probe";
  }

  @Override
  public Class<Payload> payloadType() {
    return Payload.class;
  }

  @Override
  public @Nullable Void handle(Context context, Payload payload) {
    STARTS.note(payload.due());
    return null;
  }
}
