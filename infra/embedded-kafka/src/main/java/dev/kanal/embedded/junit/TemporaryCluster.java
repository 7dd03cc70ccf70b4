package dev.kanal.embedded.junit;

import dev.kanal.embedded.EmbeddedKafka;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import org.jspecify.annotations.Nullable;

/** A Kafka whose data goes when it is closed; JUnit's store closes it. */
record TemporaryCluster(EmbeddedKafka kafka, Path directory) implements AutoCloseable {

  static TemporaryCluster start(int nodes) {
    try {
      Path directory = Files.createTempDirectory("kanal-kafka-");
      boolean started = false;
      try {
        var cluster = new TemporaryCluster(EmbeddedKafka.cluster(nodes, directory), directory);
        started = true;
        return cluster;
      } finally {
        if (!started) {
          delete(directory);
        }
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() throws IOException {
    kafka.close();
    delete(directory);
  }

  private static void delete(Path directory) throws IOException {
    Files.walkFileTree(
        directory,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            Files.delete(file);
            return FileVisitResult.CONTINUE;
          }

          @Override
          public FileVisitResult postVisitDirectory(Path visited, @Nullable IOException fault)
              throws IOException {
            if (fault != null) {
              throw fault;
            }
            Files.delete(visited);
            return FileVisitResult.CONTINUE;
          }
        });
  }
}
