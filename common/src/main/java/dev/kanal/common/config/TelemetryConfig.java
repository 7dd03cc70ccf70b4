package dev.kanal.common.config;

import java.time.Duration;
import java.util.List;

/**
 * What is traced of jobs. Where traces go is set by the standard {@code OTEL_*} variables.
 *
 * @param newTraceAfter an attempt for which the job has waited longer begins a trace of its own
 */
public record TelemetryConfig(Duration newTraceAfter) {
  private static final Setting<Duration> NEW_TRACE_AFTER =
      Setting.duration(
          "telemetry.new-trace-after",
          "1m",
          new Setting.Bounds<>(Duration.ZERO, Duration.ofDays(365)),
          "an attempt for which its job has waited longer begins a new trace, linked to the one"
              + " before");

  static final List<Setting<?>> SETTINGS = List.of(NEW_TRACE_AFTER);

  public static final TelemetryConfig DEFAULT = new TelemetryConfig(Duration.ofMinutes(1));

  public TelemetryConfig {
    NEW_TRACE_AFTER.check(newTraceAfter);
  }

  public static TelemetryConfig from(Settings settings) {
    return new TelemetryConfig(settings.get(NEW_TRACE_AFTER));
  }
}
