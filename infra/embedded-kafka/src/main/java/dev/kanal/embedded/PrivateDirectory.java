package dev.kanal.embedded;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;

/** Makes directories for files that other users of this machine must not read. */
public final class PrivateDirectory {
  private PrivateDirectory() {}

  /**
   * Makes the directory, and those above it, if they are missing. What is made is its owner's alone
   * ({@code rwx------}) where the file system knows of permissions; one that exists keeps what it
   * has.
   */
  public static void make(Path directory) throws IOException {
    if (directory.getFileSystem().supportedFileAttributeViews().contains("posix")) {
      Files.createDirectories(
          directory,
          PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rwx------")));
    } else {
      Files.createDirectories(directory);
    }
  }
}
