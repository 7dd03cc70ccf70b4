package dev.kanal.standalone;

import dev.kanal.common.config.Role;
import dev.kanal.common.telemetry.Release;
import dev.kanal.common.telemetry.Telemetry;
import io.opentelemetry.api.GlobalOpenTelemetry;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigurationException;
import java.util.UUID;

/** Starts the telemetry of a program. */
final class ProcessTelemetry {
  private ProcessTelemetry() {}

  /**
   * Also registers it for libraries in handlers that look for the process's own.
   *
   * @throws StartProblem if an {@code OTEL_*} variable has an impossible value
   */
  static Telemetry start(Role role) throws StartProblem {
    String service =
        switch (role) {
          case STANDALONE -> "kanal";
          case SCHEDULER -> "kanal-scheduler";
          case WORKER -> "kanal-worker";
        };
    try {
      Telemetry telemetry =
          Telemetry.start(
                  new Telemetry.Identity(service, UUID.randomUUID().toString(), Release.version()))
              .withJvm();
      GlobalOpenTelemetry.set(telemetry.api());
      return telemetry;
    } catch (ConfigurationException e) {
      throw new StartProblem("the OTEL_* variables say what cannot be: " + e.getMessage(), e);
    }
  }
}
