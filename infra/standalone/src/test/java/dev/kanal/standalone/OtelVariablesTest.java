package dev.kanal.standalone;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

final class OtelVariablesTest {
  @Test
  void secretsAreMasked_andOtherVariablesNotShown() {
    assertEquals(
        List.of(
            "OTEL_EXPORTER_OTLP_ENDPOINT  https://****@collector:4318",
            "OTEL_EXPORTER_OTLP_HEADERS  ****"),
        OtelVariables.shown(
            Map.of(
                "HOME",
                "/root",
                "OTEL_EXPORTER_OTLP_HEADERS",
                "authorization=Bearer x",
                "OTEL_EXPORTER_OTLP_ENDPOINT",
                "https://me:secret@collector:4318")));
  }
}
