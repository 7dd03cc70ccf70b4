package dev.kanal.scheduler;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.UUID;

/** A node's id, kept in its directory so that it is the same after a restart. */
final class NodeId {
  private static final String FILE = "node-id";

  /** Where Kafka Streams keeps the id of the process. */
  private static final String STREAMS_FILE = "kafka-streams-process-metadata";

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

  /**
   * Forgets the id that another process has taken, and that of Kafka Streams, which a copy of the
   * directory has, too: the next start draws new ones.
   *
   * @param streams where Kafka Streams keeps what is of this application
   */
  static void forget(Path directory, Path streams) throws IOException {
    Files.deleteIfExists(directory.resolve(FILE));
    Files.deleteIfExists(streams.resolve(STREAMS_FILE));
  }
}
