package dev.kanal.common.config;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class ConfigurationPageTest {
  private static final Path PAGE = Path.of("..", "docs", "CONFIGURATION.md");

  @Test
  void shouldBeUpToDate() throws IOException {
    String rendered = ConfigurationPage.render();
    if (Boolean.getBoolean("kanal.docs.write")) {
      Files.writeString(PAGE, rendered);
    }
    assertEquals(
        rendered,
        Files.readString(PAGE),
        "docs/CONFIGURATION.md is stale; run: mvn -pl common -am test"
            + " -Dsurefire.failIfNoSpecifiedTests=false -Dtest=ConfigurationPageTest"
            + " -Dkanal.docs.write=true");
  }
}
