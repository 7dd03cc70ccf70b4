package dev.kanal.embedded;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class PrivateDirectoryTest {
  @TempDir Path temporary;

  @Test
  void shouldBeItsOwnersAlone() throws IOException {
    Path data = temporary.resolve("a/data");

    PrivateDirectory.make(data);
    PrivateDirectory.make(data);

    assertEquals("rwx------", permissions(data));
    assertEquals("rwx------", permissions(temporary.resolve("a")));
  }

  @Test
  void shouldKeepWhatThereWas() throws IOException {
    Path shared = Files.createDirectory(temporary.resolve("shared"));
    Files.setPosixFilePermissions(shared, PosixFilePermissions.fromString("rwxr-x---"));

    PrivateDirectory.make(shared);

    assertEquals("rwxr-x---", permissions(shared));
  }

  private static String permissions(Path path) throws IOException {
    return PosixFilePermissions.toString(Files.getPosixFilePermissions(path));
  }
}
