package dev.kanal.docker;

import java.nio.file.Files;
import java.nio.file.Path;

/** The checked-out tree. */
final class Project {
  private Project() {}

  /** The directory that holds the launcher, above the working directory. */
  static Path root() {
    for (Path at = Path.of("").toAbsolutePath(); at != null; at = at.getParent()) {
      if (Files.isRegularFile(at.resolve("kanal")) && Files.isRegularFile(at.resolve("pom.xml"))) {
        return at;
      }
    }
    throw new IllegalStateException(
        "Expected to run inside the tree, but was in " + Path.of("").toAbsolutePath());
  }
}
