package dev.kanal.process;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.kanal.embedded.EmbeddedKafka;
import dev.kanal.embedded.junit.EmbeddedCluster;
import dev.kanal.embedded.junit.TestKafka;
import dev.kanal.process.kit.Console;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** Two schedulers with one id, as after a copy of the data directory. */
@EmbeddedCluster
final class CopiedDataTest {
  private static final Duration START = Duration.ofSeconds(90);

  @TempDir private Path directory;
  @RegisterExtension private final Programs programs = new Programs();

  @Test
  void shouldSaySo_andEnd_andStartAgainUnderANewId(TestKafka kafka) throws Exception {
    Map<String, String> shared =
        Map.of(
            "KANAL_KAFKA_BOOTSTRAP",
            kafka.bootstrapServers(),
            "KANAL_TOPICS_PREFIX",
            EmbeddedKafka.uniquePrefix() + "c");
    Path data = directory.resolve("data");
    Program first = scheduler("first", shared, data);
    first.awaitLine("The scheduler is ready: ", START);
    first.terminate();
    assertEquals(0, first.awaitExit(START), first::printed);
    Path copy = directory.resolve("copy");
    copy(data, copy);
    String id = Files.readString(nodeId(data)).strip();

    Program original = scheduler("original", shared, data);
    original.awaitLine("The scheduler is ready: ", START);
    Program other = scheduler("other", shared, copy);

    assertEquals(1, original.awaitExit(START), original::printed);
    String said = original.err().text();
    assertTrue(said.contains("kanal: another scheduler has taken the id of this one, " + id), said);
    assertTrue(said.contains(data.toString()), said);
    assertFalse(Console.hasStackTrace(original), original::printed);
    Server server = Server.in(other.awaitLine("The scheduler is ready: ", START));
    server.submitSum().expecting(202);
    Program again = scheduler("again", shared, data);
    Server back = Server.in(again.awaitLine("The scheduler is ready: ", START));
    back.submitSum().expecting(202);
    assertFalse(Files.readString(nodeId(data)).strip().equals(id), "a new id");
    assertEquals(id, Files.readString(nodeId(copy)).strip());
  }

  private Program scheduler(String name, Map<String, String> settings, Path data)
      throws IOException {
    return programs.kanal(name, settings, "scheduler", "--http.port=0", "--data=" + data);
  }

  private static Path nodeId(Path data) {
    return data.resolve("scheduler").resolve("node-id");
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> all = Files.walk(from)) {
      all.forEach(
          path -> {
            try {
              Files.copy(path, to.resolve(from.relativize(path).toString()));
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          });
    }
  }
}
