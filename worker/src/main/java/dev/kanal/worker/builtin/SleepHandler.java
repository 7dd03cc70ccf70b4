package dev.kanal.worker.builtin;

import dev.kanal.worker.Context;
import dev.kanal.worker.JobFailed;
import dev.kanal.worker.JobHandler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/** {@code sleep}: waits for {@code duration}. */
public final class SleepHandler implements JobHandler<SleepHandler.Payload, SleepHandler.Slept> {
  /** How long to sleep. */
  public record Payload(@Nullable String duration) {}

  /** How long it slept. */
  public record Slept(Duration slept) {}

  @Override
  public String type() {
    return "sleep";
  }

  @Override
  public Class<Payload> payloadType() {
    return Payload.class;
  }

  @Override
  public Slept handle(Context context, Payload payload) throws JobFailed, InterruptedException {
    String text = Payloads.required("duration", payload.duration());
    Duration duration = Payloads.duration("duration", text);
    Thread.sleep(duration);
    return new Slept(duration);
  }
}
