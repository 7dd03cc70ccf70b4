package dev.kanal.bench.kanal;

import dev.kanal.worker.Context;
import dev.kanal.worker.JobHandler;

/** {@code probe-report}: returns what the probes of this process have noted, and may forget it. */
public final class ReportHandler implements JobHandler<ReportHandler.Payload, Latencies.Summary> {
  /**
   * What to do.
   *
   * @param reset whether to start again from nothing after that
   */
  public record Payload(boolean reset) {}

  @Override
  public String type() {
    return "probe-report";
  }

  @Override
  public Class<Payload> payloadType() {
    return Payload.class;
  }

  @Override
  public Latencies.Summary handle(Context context, Payload payload) {
    Latencies.Summary summary = ProbeHandler.STARTS.summary();
    if (payload.reset()) {
      ProbeHandler.STARTS.reset();
    }
    return summary;
  }
}
