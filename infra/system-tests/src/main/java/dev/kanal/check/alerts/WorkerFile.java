package dev.kanal.check.alerts;

import dev.kanal.check.server.CheckStopped;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;

/** The settings that the worker reads when it starts. */
record WorkerFile(Path path) {
  /** From its next start on. */
  void takes(String queues) {
    try {
      Files.writeString(path, "worker.queues = " + queues + "\n");
    } catch (IOException e) {
      throw new CheckStopped("Expected to write " + path + ", but: " + e.getMessage());
    }
  }
}
