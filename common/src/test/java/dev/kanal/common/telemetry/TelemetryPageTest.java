package dev.kanal.common.telemetry;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class TelemetryPageTest {
  private static final Path PAGE = Path.of("..", "docs", "TELEMETRY.md");

  @Test
  void shouldBeUpToDate() throws IOException {
    String rendered = TelemetryPage.render();
    if (Boolean.getBoolean("kanal.docs.write")) {
      Files.writeString(PAGE, rendered);
    }
    assertEquals(
        rendered,
        Files.readString(PAGE),
        "docs/TELEMETRY.md is stale; run: mvn -pl common -am test"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dtest=TelemetryPageTest"
            + " -Dkanal.docs.write=true");
  }
}
