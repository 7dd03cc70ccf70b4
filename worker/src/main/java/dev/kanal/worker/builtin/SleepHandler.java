package dev.kanal.worker.builtin;

import dev.kanal.worker.Context;
import dev.kanal.worker.JobFailed;
import dev.kanal.worker.JobHandler;
import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * {@code sleep}: waits for {@code duration}, and reports its progress after each of {@code steps}
 * equal parts of it, 0 (the default) to {@value #MOST_STEPS}.
 */
public final class SleepHandler implements JobHandler<SleepHandler.Payload, SleepHandler.Slept> {
  private static final int MOST_STEPS = 100;

  /** How long to sleep, and how often to report progress. */
  public record Payload(@Nullable String duration, int steps) {}

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
    int steps = payload.steps();
    if (steps < 0 || steps > MOST_STEPS) {
      throw Payloads.bad(
          "Expected steps of 0 to %d in the payload, but got %d".formatted(MOST_STEPS, steps));
    }
    Duration step = duration.dividedBy(Math.max(1, steps));
    for (int i = 1; i < steps; i++) {
      Thread.sleep(step);
      context.progress((double) i / steps, "step %d of %d".formatted(i, steps));
    }
    Thread.sleep(duration.minus(step.multipliedBy(Math.max(0, steps - 1))));
    return new Slept(duration);
  }
}
