package dev.kanal.common.access;

import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;

final class AccessPageTest {
  private static final Path PAGE = Path.of("..", "docs", "OPERATIONS.md");

  @Test
  void shouldStandInTheDocuments() throws IOException {
    String tables = AccessPage.tables();

    assertTrue(
        Files.readString(PAGE).contains(tables),
        () -> "docs/OPERATIONS.md, Access is stale; it should hold\n" + tables);
  }
}
