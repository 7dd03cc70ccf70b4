package dev.kanal.process.docs;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.fasterxml.jackson.databind.JsonNode;
import dev.kanal.process.kit.Program;
import dev.kanal.process.kit.Programs;
import dev.kanal.process.kit.Server;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.extension.RegisterExtension;
import org.junit.jupiter.api.io.TempDir;

/** The lines of README.md, typed as they stand there. */
final class ReadmeTest {
  private static final Duration START = Duration.ofSeconds(60);
  private static final Duration ANSWER = Duration.ofSeconds(30);
  private static final Path README = Path.of("..", "..", "README.md");
  private static final String ADDRESS = "localhost:8080";

  @TempDir private Path data;
  @RegisterExtension private final Programs programs = new Programs();

  @Test
  void shouldAnswerTheLinesOfTheReadme_asItSays() throws Exception {
    List<String> lines = commands();
    assertEquals(6, lines.size(), lines::toString);
    Program up =
        programs.kanal("up", Map.of("KANAL_DATA", data.toString(), "KANAL_HTTP_PORT", "0"), "up");
    Server server = Server.in(up.awaitLine("Kanal is ready: ", START));

    JsonNode first = Server.json(String.join("", run(server, lines.get(0))));
    List<String> asked = run(server, lines.get(1) + "\n" + lines.get(2));
    List<String> bulk = run(server, lines.get(3));
    JsonNode flow = Server.json(String.join("", run(server, lines.get(4))));
    JsonNode queues = Server.json(String.join("", run(server, lines.get(5))));

    JsonNode promised = Server.json(exampleAnswer());
    promised.fieldNames().forEachRemaining(name -> assertLike(name, promised, first));
    assertEquals("SUCCEEDED", Server.json(asked.getFirst()).path("state").asText());
    assertEquals(3, bulk.stream().filter(line -> Server.json(line).has("id")).count());
    assertEquals("SUCCEEDED", flow.path("state").asText(), flow::toString);
    assertEquals(100, flow.path("output").asInt(), flow::toString);
    assertEquals("default", queues.at("/items/0/name").asText(), queues::toString);
  }

  /** The same value, unless the README leaves it open by three dots. */
  private static void assertLike(String name, JsonNode promised, JsonNode answered) {
    if (promised.path(name).asText().equals("…")) {
      assertTrue(answered.has(name), () -> "Expected " + name + " in " + answered);
    } else {
      assertEquals(promised.path(name), answered.path(name), answered::toString);
    }
  }

  private List<String> run(Server server, String line) throws Exception {
    Program shell =
        programs.shell(line.replace(ADDRESS, server.url().substring("http://".length())));
    assertEquals(0, shell.awaitExit(ANSWER), shell::printed);
    return shell.out().lines();
  }

  private static List<String> commands() throws IOException {
    return Files.readAllLines(README).stream()
        .filter(line -> line.contains("curl -s") && line.contains(ADDRESS))
        .toList();
  }

  private static String exampleAnswer() throws IOException {
    return Files.readAllLines(README).stream()
        .filter(line -> line.startsWith("{\"id\":\"…\""))
        .findFirst()
        .orElseThrow()
        .replace(",…}", "}");
  }
}
