package dev.kanal.scheduler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** A node's id, kept in its directory so that it is the same after a restart. */
final class NodeId {
  private static final String FILE = "node-id";

  private NodeId() {}

  static String in(Path directory) throws IOException {
    Path file = directory.resolve(FILE);
    if (Files.exists(file)) {
      return Files.readString(file).strip();
    }
    Files.createDirectories(directory);
    String id = UUID.randomUUID().toString();
    Files.writeString(file, id);
    return id;
  }
}
