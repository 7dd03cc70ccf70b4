package dev.kanal.embedded;

import dev.kanal.embedded.EmbeddedKafkaException.Problem;
import java.io.IOException;
import java.net.BindException;
import java.nio.file.Path;
import java.util.Locale;
import java.util.concurrent.ExecutionException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Finds in the faults of a start the one that a user can fix. */
final class StartProblems {
  static final Logger LOG = LoggerFactory.getLogger(EmbeddedKafka.class);

  private static final int MAX_CAUSES = 20;

  private StartProblems() {}

  static EmbeddedKafkaException ofIo(Path root, IOException fault) {
    if (isDiskFull(fault)) {
      return diskFull(root, fault);
    }
    return new EmbeddedKafkaException(
        Problem.NOT_WRITABLE,
        "Expected to read and write %s, but: %s".formatted(root, fault),
        fault);
  }

  static EmbeddedKafkaException ofStart(Path root, ExecutionException failed) {
    Throwable fault = failed.getCause() == null ? failed : failed.getCause();
    Throwable cause = fault;
    for (int depth = 0; depth < MAX_CAUSES && cause != null; depth++) {
      if (cause instanceof EmbeddedKafkaException known) {
        return known;
      }
      if (cause instanceof BindException || says(cause, "address already in use")) {
        return new EmbeddedKafkaException(
            Problem.PORT_TAKEN,
            "Expected a free port, but: %s".formatted(cause.getMessage()),
            fault);
      }
      if (isDiskFull(cause)) {
        return diskFull(root, fault);
      }
      cause = cause.getCause();
    }
    return new EmbeddedKafkaException(
        Problem.START_FAILED,
        "Expected Kafka to start on %s, but: %s".formatted(root, fault),
        fault);
  }

  private static EmbeddedKafkaException diskFull(Path root, Throwable fault) {
    return new EmbeddedKafkaException(
        Problem.DISK_FULL,
        "Expected free space at %s, but the disk is full".formatted(root),
        fault);
  }

  private static boolean isDiskFull(Throwable fault) {
    return says(fault, "no space left") || says(fault, "disk quota exceeded");
  }

  private static boolean says(Throwable fault, String text) {
    return fault.getMessage() != null && fault.getMessage().toLowerCase(Locale.ROOT).contains(text);
  }
}
